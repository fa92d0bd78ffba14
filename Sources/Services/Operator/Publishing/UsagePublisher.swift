import AMQP
import Messages
import Runtime
import Telemetry

/// Publishes events with confirms: keeps a window of unconfirmed messages, settles each by its own confirm, and after a lost connection
/// sends again what was not settled (their ids make that harmless). One thread.
final class UsagePublisher {
    /// A message that the broker has not settled yet.
    private struct Flight {
        let message: OutgoingMessage
        let items: [UsageItem]
        var isSettled = false
    }

    private let session: Session
    private let window: Int
    private let batchSize: Int
    private let deadline: Duration
    private var connection: BrokerConnection
    /// In the order of publication; the first `base` of all are gone.
    private var flights: [Flight] = []
    private var base = 0
    private var numbers: [UInt64: Int] = [:]
    private var batch: [UsageItem] = []
    private var batchBytes = 0
    private var lastOutcome: Int64
    private(set) var report: PublishReport

    init(_ session: Session, window: Int, batchSize: Int, deadline: Duration, report: PublishReport) throws(CommandFailure) {
        self.session = session
        self.window = window
        self.batchSize = batchSize
        self.deadline = deadline
        self.report = report
        connection = try UsagePublisher.connect(session, deadline)
        lastOutcome = session.time.monotonicNanoseconds
    }

    private static func connect(_ session: Session, _ deadline: Duration) throws(CommandFailure) -> BrokerConnection {
        let connection = try session.openBroker(deadline: deadline, purpose: "publish")
        try broker("publish") { () throws(BrokerError) in
            try connection.declareExchangePassively("purser.usage")
            try connection.selectConfirms()
        }
        return connection
    }

    func close() { connection.close() }

    /// Takes one event on; it is sent at once, or with others of its batch.
    func add(_ item: UsageItem) throws(CommandFailure) {
        if batchSize == 1 { return try send([item]) }
        // Brackets and commas come on top.
        if batchBytes + item.body.count + 2 > EnvelopeReader.sizeLimit { try sendBatch() }
        batch.append(item)
        batchBytes += item.body.count + 1
        if batch.count == batchSize { try sendBatch() }
    }

    /// Notes a record that is no event.
    func refuse(_ position: Int64, row: Int64, _ problem: RowProblem) throws(CommandFailure) {
        report.refuse(row: row, field: problem.field, reason: problem.reason)
        // Nothing before it may be passed over by the mark from which a later run goes on: it waits for its turn like a message.
        try sendBatch()
        flights.append(Flight(message: OutgoingMessage(exchange: "", routingKey: "", body: []), items: [], isSettled: true))
        report.note(position: position, at: base + flights.count - 1)
        advance()
    }

    /// Sends what is left and waits for every confirm.
    func finish() throws(CommandFailure) {
        try sendBatch()
        try settle(downTo: 0)
    }

    private func sendBatch() throws(CommandFailure) {
        guard !batch.isEmpty else { return }
        let items = batch
        batch = []
        batchBytes = 0
        try send(items)
    }

    private func send(_ items: [UsageItem]) throws(CommandFailure) {
        let last = items[items.count - 1]
        let type = UsageRecorded.type
        var message = OutgoingMessage(
            exchange: "purser.usage", routingKey: items[0].organization,
            properties: RequestMessage.properties(id: last.id, type: type), body: last.body)
        if batchSize > 1 {
            message.properties = RequestMessage.properties(id: nil, type: type, contentType: EnvelopeWriter.batchContentType)
            message.body = [0x5B] + items.map(\.body).joined(separator: [0x2C]) + [0x5D]
        }
        // A source may be bound to the user who publishes.
        message.properties.userID = connection.user
        try settle(downTo: window - 1)
        flights.append(Flight(message: message, items: items))
        report.note(position: last.position, at: base + flights.count - 1)
        try publish(at: flights.count - 1)
        absorb()
    }

    private func publish(at index: Int) throws(CommandFailure) {
        do throws(BrokerError) {
            numbers[try connection.publish(flights[index].message)] = base + index
        } catch {
            if error.kind == .blocked { throw CommandFailure(error) }
            guard error.isRetriable else { throw CommandFailure(error, doing: "publish") }
            try reconnect(error)
        }
    }

    /// Waits until at most `count` messages are unconfirmed.
    private func settle(downTo count: Int) throws(CommandFailure) {
        guard numbers.count > count else { return }
        lastOutcome = session.time.monotonicNanoseconds
        while numbers.count > count {
            do throws(BrokerError) {
                try connection.service(timeout: .milliseconds(100))
            } catch {
                guard error.isRetriable else { throw CommandFailure(error, doing: "publish") }
                try reconnect(error)
            }
            absorb()
            if Interruption.isAsked { throw CommandFailure(.temporary, "interrupted") }
            guard session.time.seconds(since: lastOutcome) > Double(deadline.components.seconds), numbers.count > count else { continue }
            if let reason = connection.blockedReason { throw CommandFailure(BrokerError(.blocked, reason, isFatal: false)) }
            throw CommandFailure(.temporary, "the broker confirmed nothing for \(deadline)", hint: "purser doctor tells more")
        }
    }

    /// Takes the broker's answers in.
    private func absorb() {
        for outcome in connection.takeOutcomes() {
            guard let number = numbers.removeValue(forKey: outcome.sequence) else { continue }
            lastOutcome = session.time.monotonicNanoseconds
            flights[number - base].isSettled = true
            for item in flights[number - base].items {
                switch outcome.result {
                case .confirmed: report.confirm(item)
                case .returned(let code, let text):
                    report.refuse(row: item.row, field: "routing", reason: "no queue took it (\(code) \(text)): purser topology check")
                case .refused: report.refuse(row: item.row, field: "queue", reason: "the broker refused it; is a queue full?")
                }
            }
        }
        advance()
    }

    /// Moves the mark over everything that is settled without a gap.
    private func advance() {
        var settled = 0
        while settled < flights.count, flights[settled].isSettled { settled += 1 }
        // Not one by one: removing from the front copies the rest.
        guard settled > 0, settled == flights.count || settled >= 256 else { return report.pass(base + settled) }
        report.pass(base + settled)
        flights.removeFirst(settled)
        base += settled
    }

    private func reconnect(_ cause: BrokerError) throws(CommandFailure) {
        absorb()
        let start = session.time.monotonicNanoseconds
        var pause: Duration = .milliseconds(100)
        while true {
            do throws(CommandFailure) {
                connection = try UsagePublisher.connect(session, deadline)
                break
            } catch {
                let isOver = session.time.seconds(since: start) > Double(deadline.components.seconds) || Interruption.isAsked
                guard error.exitCode == .unavailable, !isOver else { throw CommandFailure(cause, doing: "publish") }
                UsagePublisher.wait(pause)
                pause = min(pause * 2, .seconds(2))
            }
        }
        numbers.removeAll()
        for index in flights.indices where !flights[index].isSettled {
            do throws(BrokerError) {
                numbers[try connection.publish(flights[index].message)] = base + index
            } catch {
                throw CommandFailure(error, doing: "publish")
            }
        }
    }
}
