import Messages
import Postgres

/// A refused event, or a conflict, as the table holds it (domain.md 4.1).
struct RefusalLine {
    let organization: String
    let service: String?
    let source: String
    let eventID: String
    let reason: String
    /// How often it came.
    let count: Int64
    let firstSeen: Int64
    let lastSeen: Int64
    /// When the same event was decided after all.
    let acceptedAt: Int64?

    /// Those that the table knows.
    static let reasons = ["unknown_service", "unknown_organization", "invalid_quantity", "too_far_ahead", "too_old", "conflict"]
    static let headers = ["organization", "service", "event", "reason", "times", "first", "last", "accepted"]

    /// The latest first.
    static func read(
        organization: String?, reason: String?, onlyOpen: Bool, limit: Int64, on connection: DatabaseConnection
    ) throws(DatabaseError) -> [RefusalLine] {
        var parameters = Parameters()
        parameters.add(textOrNil: organization)
        parameters.add(textOrNil: reason)
        parameters.add(bool: onlyOpen)
        parameters.add(int64: limit)
        let rows = try connection.query(RefusalStatements.list, parameters)
        return (0..<rows.count).map { row in
            RefusalLine(
                organization: rows.text(row, 0), service: rows.textOrNil(row, 1), source: rows.text(row, 2), eventID: rows.text(row, 3),
                reason: rows.text(row, 4), count: rows.int64(row, 5), firstSeen: rows.timestamp(row, 6), lastSeen: rows.timestamp(row, 7),
                acceptedAt: rows.timestampOrNil(row, 8))
        }
    }

    var cells: [String] {
        [
            organization, service ?? "", "\(source) \(eventID)", reason, Figures.grouped(count),
            EventTime.secondsText(microseconds: firstSeen), EventTime.secondsText(microseconds: lastSeen),
            acceptedAt.map { EventTime.secondsText(microseconds: $0) } ?? "no",
        ]
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("organization", organization)
        writer.member("service", ifPresent: service)
        writer.member("source", source)
        writer.member("id", eventID)
        writer.member("reason", reason)
        writer.member("count", count)
        writer.member("first_seen", timeIfPresent: firstSeen)
        writer.member("last_seen", timeIfPresent: lastSeen)
        writer.member("accepted_at", timeIfPresent: acceptedAt)
        writer.endObject()
    }
}

enum RefusalStatements {
    /// Nobody else asks by time, so no index is kept up for it: a person waits for one pass over the refusals.
    static let list = Statement(
        "operator_refusal_list",
        """
        SELECT organization_id, service, source, event_id, reason, count, first_seen, last_seen, accepted_at FROM usage_refusals
        WHERE ($1::text IS NULL OR organization_id = $1) AND ($2::text IS NULL OR reason = $2) AND NOT ($3 AND accepted_at IS NOT NULL)
        ORDER BY last_seen DESC, source, event_id LIMIT $4
        """)
}
