public import Domain
public import Postgres

/// A command, a refusal of permission or a change of configuration, and who did it (A2).
public struct AuditEntry: Sendable {
    public let organization: String?
    public let actor: String
    public let action: String
    /// JSON.
    public let before: String?
    /// JSON.
    public let after: String?
    public let moment: Moment

    public init(organization: String?, actor: String, action: String, before: String?, after: String?, moment: Moment) {
        self.organization = organization
        self.actor = actor
        self.action = action
        self.before = before
        self.after = after
        self.moment = moment
    }
}

/// The table `token_audit_logs`, which takes inserts only.
public enum AuditLog {
    /// The request that writes entries.
    public static func recording(_ entries: [AuditEntry]) -> Request {
        var parameters = Parameters()
        parameters.add(textsOrNil: entries.map(\.organization))
        parameters.add(texts: entries.map(\.actor))
        parameters.add(texts: entries.map(\.action))
        parameters.add(textsOrNil: entries.map(\.before))
        parameters.add(textsOrNil: entries.map(\.after))
        parameters.add(timestamps: entries.map(\.moment.microseconds))
        return Request(AuditStatements.record, parameters)
    }
}

enum AuditStatements {
    static let record = Statement(
        "audit_record",
        """
        INSERT INTO token_audit_logs (organization_id, actor, action, before, after, created_at)
        SELECT organization_id, actor, action, before::json, after::json, created_at
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
            AS u (organization_id, actor, action, before, after, created_at)
        """)
}
