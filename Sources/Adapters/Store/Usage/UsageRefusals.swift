public import Domain
public import Postgres

/// A refusal or a conflict as it is recorded: one row per identity and content (`domain.md` 4.1).
public struct RecordedRefusal: Sendable {
    public let identity: EventIdentity
    /// SHA-256 of the content.
    public let contentDigest: [UInt8]
    public let organization: String
    public let service: String
    public var reason: UsageReason
    /// How often it was seen in this step.
    public var count: Int64

    public init(
        identity: EventIdentity, contentDigest: [UInt8], organization: String, service: String, reason: UsageReason, count: Int64 = 1
    ) {
        self.identity = identity
        self.contentDigest = contentDigest
        self.organization = organization
        self.service = service
        self.reason = reason
        self.count = count
    }

    /// Its row.
    public var key: RefusalKey { RefusalKey(identity: identity, contentDigest: contentDigest) }
}

/// What makes a refusal one row.
public struct RefusalKey: Hashable, Sendable {
    public let identity: EventIdentity
    public let contentDigest: [UInt8]

    public init(identity: EventIdentity, contentDigest: [UInt8]) {
        self.identity = identity
        self.contentDigest = contentDigest
    }
}

/// The table `usage_refusals`.
public enum UsageRefusals {
    /// The requests that record refusals, each key at most once in the list. Read their rows with `new(of:in:)`.
    public static func recording(_ refusals: [RecordedRefusal], at moment: Moment) -> [Request] {
        let conflicts = refusals.filter { $0.reason == .conflict }
        var keys = Parameters()
        keys.add(texts: conflicts.map(\.identity.source))
        keys.add(texts: conflicts.map(\.identity.id))
        keys.add(byteStrings: conflicts.map(\.contentDigest))
        var parameters = Parameters()
        parameters.add(texts: refusals.map(\.identity.source))
        parameters.add(texts: refusals.map(\.identity.id))
        parameters.add(byteStrings: refusals.map(\.contentDigest))
        parameters.add(texts: refusals.map(\.organization))
        parameters.add(texts: refusals.map(\.service))
        parameters.add(texts: refusals.map(\.reason.rawValue))
        parameters.add(int64s: refusals.map(\.count))
        parameters.add(timestamp: moment.microseconds)
        return [Request(RefusalStatements.otherwise, keys), Request(RefusalStatements.record, parameters)]
    }

    /// Those refusals that are to be announced: not known before, or known for another reason and a conflict now.
    /// - Parameter rows: what the requests of `recording` gave.
    public static func new(of refusals: [RecordedRefusal], in rows: [Rows]) -> [RecordedRefusal] {
        let turned = keys(in: rows[0]) { _ in true }
        let inserted = keys(in: rows[1]) { rows[1].bool($0, 3) }
        return refusals.filter { inserted.contains($0.key) || $0.reason == .conflict && turned.contains($0.key) }
    }

    private static func keys(in rows: Rows, where isMeant: (Int) -> Bool) -> Set<RefusalKey> {
        var keys: Set<RefusalKey> = []
        for row in 0..<rows.count where isMeant(row) {
            keys.insert(
                RefusalKey(identity: EventIdentity(source: rows.text(row, 0), id: rows.text(row, 1)), contentDigest: rows.bytes(row, 2)))
        }
        return keys
    }

    /// The request that marks the refusals of events that were decided now (`domain.md` 5.1). One of the same identity and other content
    /// stays as it is: nothing of it was accepted.
    public static func accepting(_ events: [RefusalKey], at moment: Moment) -> Request {
        var parameters = Parameters()
        parameters.add(texts: events.map(\.identity.source))
        parameters.add(texts: events.map(\.identity.id))
        parameters.add(byteStrings: events.map(\.contentDigest))
        parameters.add(timestamp: moment.microseconds)
        return Request(RefusalStatements.accept, parameters)
    }
}

enum RefusalStatements {
    /// Which of some conflicts stand in the table for another reason: they were refused before anything of their identity was decided.
    /// Locked in the order of `record`, so that a conflict is announced by the step that makes it one, and by no other.
    static let otherwise = Statement(
        "refusals_otherwise",
        """
        SELECT r.source, r.event_id, r.content_digest
        FROM unnest($1::text[], $2::text[], $3::bytea[]) AS u (source, event_id, digest)
        JOIN usage_refusals r ON r.source = u.source AND r.event_id = u.event_id AND r.content_digest = u.digest
        WHERE r.reason <> 'conflict'
        ORDER BY r.source, r.event_id, r.content_digest
        FOR UPDATE OF r
        """)

    /// Sorted, so that two steps that refuse the same events do not wait for one another in a circle. A row of this very transaction
    /// has no `xmax`: it was inserted, not updated.
    static let record = Statement(
        "refusals_record",
        """
        INSERT INTO usage_refusals AS r
            (source, event_id, content_digest, organization_id, service, reason, count, first_seen, last_seen)
        SELECT source, event_id, digest, organization, service, reason, count, $8, $8
        FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::bigint[])
            AS u (source, event_id, digest, organization, service, reason, count)
        ORDER BY source COLLATE "C", event_id COLLATE "C", digest
        ON CONFLICT (source, event_id, content_digest) DO UPDATE
        SET count = r.count + excluded.count, reason = excluded.reason, last_seen = greatest(r.last_seen, excluded.last_seen),
            accepted_at = NULL
        RETURNING source, event_id, content_digest, xmax = 0
        """)

    static let accept = Statement(
        "refusals_accept",
        """
        UPDATE usage_refusals r SET accepted_at = $4
        FROM unnest($1::text[], $2::text[], $3::bytea[]) AS u (source, event_id, digest)
        WHERE r.source = u.source AND r.event_id = u.event_id AND r.content_digest = u.digest
            AND r.accepted_at IS NULL AND r.reason <> 'conflict'
        """)
}
