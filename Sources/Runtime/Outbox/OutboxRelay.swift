import AMQP
import Postgres
import Store
import Telemetry

/// Publishes what was left over in the outbox of its program: by a lane that died, or that met a broker without mercy. Rows are locked
/// while they are on their way, so several relays share the work; what nobody takes stays for the next pass.
struct OutboxRelay {
    /// Most rows of one page.
    static let mostRows = 200

    private let context: LaneContext
    /// Where the page before ended, so that rows that nobody takes do not hide all behind them.
    private var cursor: Int64 = 0

    init(context: LaneContext) {
        self.context = context
    }

    /// One page, in a transaction of its own: the lane's messages and its stop signal wait meanwhile.
    /// - Returns: whether there may be more.
    /// - Throws: `DatabaseError`; `BrokerError` when the publishing connection died, after a rollback.
    mutating func run(on connection: DatabaseConnection, through publisher: LanePublisher) throws -> Bool {
        let limit = OutboxRelay.mostRows
        let start = cursor
        let rows = try connection.transaction {
            let request = Outbox.leftovers(program: context.program, after: start, limit: limit)
            let found = Outbox.messages(try connection.pipeline([request])[0])
            try publish(found.filter { !publisher.isAtWork(on: $0.id) }, on: connection, publisher)
            return found
        }
        let isMore = rows.count == limit
        cursor = isMore ? rows[rows.count - 1].id : 0
        // Counting costs more than a page, so it is done at both ends of a pass only.
        if start == 0 || !isMore { try countRows(on: connection) }
        return isMore
    }

    private func countRows(on connection: DatabaseConnection) throws(DatabaseError) {
        var parameters = Parameters()
        parameters.add(text: context.program)
        let depth = try connection.query(OutboxStatements.depth, parameters).int64(0, 0)
        context.metrics.gauge(.outboxDepth).set(Double(depth))
    }

    private func publish(_ messages: [StoredMessage], on connection: DatabaseConnection, _ publisher: LanePublisher) throws {
        guard !messages.isEmpty else { return }
        let confirmed = try publisher.publishAndWait(messages.map { OutgoingMessage($0.message) }, timeout: .seconds(5))
        context.pass(.relayed)
        let sent = zip(messages, confirmed).filter(\.1).map(\.0.id)
        let missed = zip(messages, confirmed).filter { !$0.1 }.map(\.0.id)
        var requests: [Request] = []
        if !sent.isEmpty { requests.append(Outbox.delete(sent, program: context.program)) }
        if !missed.isEmpty { requests.append(Outbox.missed(missed, program: context.program)) }
        _ = try connection.pipeline(requests)
        context.metrics.counter(.outbox, "relayed").add(sent.count)
        guard !missed.isEmpty else { return }
        context.log.error("messages of the outbox found no taker", [.outboxCount: .number(missed.count), .outboxID: .int(missed[0])])
    }
}
