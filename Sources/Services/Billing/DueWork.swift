import Domain
import Messages
import Postgres
import Runtime
import Store

/// Finds the work whose moment has come and sends a reminder of each piece, which any lane handles (`payments.md`, Charging, 4). A reminder
/// that was lost so costs a minute.
struct DueWork {
    /// Rows that are read at once, and pages that one look takes at most: what is left is found by the next one.
    private static let page: Int64 = 500
    private static let mostPages = 20
    /// How often a lane looks by itself, whether a tick comes or not; microseconds.
    private static let pause: Int64 = 60_000_000

    private var lookedAt: Int64?
    private var ids = EventIDs()

    /// Whether it is time to look without having been told.
    mutating func isTime(_ lane: LaneContext) -> Bool {
        // Under time travel only a tick knows the moment. One lane is enough, and several do no harm.
        guard lane.lane == 0, !lane.configuration.isTimeTravel else { return false }
        let now = lane.now
        if let lookedAt, now - lookedAt < Self.pause { return false }
        lookedAt = now
        return true
    }

    /// - Returns: reminders that are committed, to be published.
    /// - Throws: the database's error; looking again is harmless.
    mutating func look(at moment: Moment, _ lane: LaneContext) throws(DatabaseError) -> [StoredMessage] {
        var stored: [StoredMessage] = []
        stored += try remind(moment, lane) { after in
            Purchases.due(at: moment, after: after, limit: Self.page)
        } read: { rows in
            Purchases.due(in: rows).map { ($0.id, .purchase($0.reference)) }
        }
        stored += try remind(moment, lane) { after in
            PurchaseRefunds.due(at: moment, after: after, limit: Self.page)
        } read: { rows in
            (0..<rows.count).map { (rows.int64($0, 0), .refund(rows.int64($0, 0))) }
        }
        return stored
    }

    private mutating func remind(
        _ moment: Moment, _ lane: LaneContext, request: (Int64) -> Postgres.Request, read: (Rows) -> [(Int64, BillingDueWork.Work)]
    ) throws(DatabaseError) -> [StoredMessage] {
        var stored: [StoredMessage] = []
        var after: Int64 = 0
        for _ in 0..<Self.mostPages {
            let found = read(try lane.database.pipeline([request(after)])[0])
            guard let last = found.last else { break }
            after = last.0
            let messages = found.map { OutboxMessage(reminderOf: $0.1, id: ids.next(at: moment), program: lane.program, due: moment) }
            stored += Outbox.stored(messages, try lane.database.pipeline([Outbox.insert(messages, program: lane.program)])[0])
            if found.count < Self.page { break }
        }
        return stored
    }
}

extension OutboxMessage {
    /// A reminder of work, through a delay queue or at once. Its moment is the one at which it is due, as a tick's is (`domain.md` 0.1).
    init(
        reminderOf work: BillingDueWork.Work, id: String, program: String, organization: String? = nil, due: Moment,
        after delay: RetryDelay? = nil, traceparent: String? = nil
    ) {
        let type = RequestType.dueWork.rawValue
        let body = BillingDueWork(work: work).structured(
            id: id, source: "/purser/\(program)", subject: organization, time: due.microseconds, traceparent: traceparent)
        guard let delay else {
            self.init(
                exchange: Exchange.commands.rawValue, routingKey: type, messageID: id, type: type, traceparent: traceparent, body: body)
            return
        }
        self.init(
            exchange: Exchange.retry.rawValue, routingKey: "\(program).\(delay.rawValue)", messageID: id, type: type,
            traceparent: traceparent, originalKey: type, body: body)
    }
}
