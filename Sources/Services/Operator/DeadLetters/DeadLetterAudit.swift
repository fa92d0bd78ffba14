import AMQP
import Crypto
import Messages
import Postgres
import Runtime

/// Writes down who put dead letters back or threw them away.
struct DeadLetterAudit {
    private let connection: DatabaseConnection
    private let actor: String

    init(_ session: Session) throws(CommandFailure) {
        connection = try session.openDatabase()
        actor = session.actor
    }

    func close() { connection.close() }

    /// One row per message, all in one transaction, with the digest of the body but not the body: it is somebody's data.
    /// - Parameter action: `dead.discarded` or `dead.retried`.
    func note(_ letters: [DeadLetter], action: String) throws(CommandFailure) {
        let rows = letters.map { letter in
            var parameters = Parameters()
            parameters.add(textOrNil: nil)
            parameters.add(text: actor)
            parameters.add(text: action)
            parameters.add(json: DeadLetterAudit.description(letter))
            parameters.add(jsonOrNil: nil)
            return Request(AuditStatements.insert, parameters)
        }
        _ = try database("write the audit log") { () throws(DatabaseError) in try connection.pipeline(rows) }
    }

    private static func description(_ letter: DeadLetter) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("queue", letter.queue.name)
        writer.member("id", letter.id)
        writer.member("type", letter.delivery.properties.type ?? "")
        writer.member("reason", letter.reason)
        writer.member("error", ifPresent: letter.error)
        writer.member("body_sha256", SHA256.hash(letter.delivery.body).hex)
        writer.member("body_bytes", Int64(letter.delivery.body.count))
        writer.endObject()
        return writer.text.contains("\\u0000") ? "{}" : writer.text
    }
}

enum AuditStatements {
    /// The log is insert-only for everybody; the month's part is found by the server.
    static let insert = Statement(
        "operator_audit",
        "INSERT INTO token_audit_logs (organization_id, actor, action, before, after) VALUES ($1, $2, $3, $4::json, $5::json)")
}
