import AMQP
import Messages
import Runtime
import Telemetry

/// Sends purchases with a window of unsettled ones. Each is settled by its answer, or by its confirm where nobody waits for answers. A lost
/// connection ends the run: sent again, every line gets the answer that it had. One thread.
final class PurchaseSender {
    private struct Flight {
        let row: PurchaseRow
        let correlation: String
        let sequence: UInt64
        /// When its answer is not waited for any longer, in monotonic nanoseconds.
        let end: Int64
    }

    private let session: Session
    private let waits: Bool
    private let window: Int
    private let deadline: Duration
    private let connection: BrokerConnection
    private var flights: [Flight] = []
    private var sent = 0
    var report = PurchaseReport()

    init(_ session: Session, waits: Bool, window: Int, deadline: Duration) throws(CommandFailure) {
        self.session = session
        self.waits = waits
        self.window = window
        self.deadline = deadline
        let connection = try session.openBroker(deadline: deadline, purpose: "publish")
        try broker("listen for answers") { () throws(BrokerError) in
            try connection.selectConfirms()
            if waits { _ = try connection.consume(queue: Requester.replyTo, prefetch: 0, acknowledges: false) }
        }
        self.connection = connection
    }

    deinit { connection.close() }

    /// Sends one on; waits first where too many are not settled yet.
    func add(_ row: PurchaseRow) throws(CommandFailure) {
        try settle(downTo: window - 1)
        sent += 1
        // Lines may have one id between them, so their number tells the answers apart.
        let correlation = String(sent)
        let sequence = try publish(row.message, correlation)
        let end = session.time.monotonicNanoseconds + deadline.components.seconds * 1_000_000_000
        flights.append(Flight(row: row, correlation: correlation, sequence: sequence, end: end))
    }

    private func publish(_ message: OutgoingMessage, _ correlation: String) throws(CommandFailure) -> UInt64 {
        var message = message
        message.properties.userID = connection.user
        if waits {
            message.properties.replyTo = Requester.replyTo
            message.properties.correlationID = correlation
        }
        let connection = connection
        return try broker("publish to \(message.exchange)") { () throws(BrokerError) in
            let sequence = try connection.publish(message)
            try connection.flush()
            return sequence
        }
    }

    /// Waits until every one is settled.
    func finish() throws(CommandFailure) { try settle(downTo: 0) }

    private func settle(downTo count: Int) throws(CommandFailure) {
        while flights.count > count {
            try listen()
            if Interruption.isAsked { throw CommandFailure(.temporary, "interrupted") }
        }
    }

    private func listen() throws(CommandFailure) {
        var answers: [Delivery] = []
        let (connection, waits) = (connection, waits)
        try broker("wait for answers") { () throws(BrokerError) in
            if waits {
                try connection.receive(into: &answers, limit: 64, timeout: .milliseconds(50))
            } else {
                try connection.service(timeout: .milliseconds(50))
            }
        }
        for outcome in connection.takeOutcomes() {
            guard let index = flights.firstIndex(where: { $0.sequence == outcome.sequence }) else { continue }
            switch outcome.result {
            case .confirmed: if !waits { report.ended(flights.remove(at: index).row, .sent) }
            case .returned: report.ended(flights.remove(at: index).row, .refused, "no queue takes it: purser topology check, then apply")
            case .refused: report.ended(flights.remove(at: index).row, .refused, "the broker refused it; its queue may be full")
            }
        }
        for delivery in answers {
            guard let index = flights.firstIndex(where: { $0.correlation == delivery.properties.correlationID }) else { continue }
            report.answered(flights.remove(at: index).row, try Answer(delivery.body))
        }
        let now = session.time.monotonicNanoseconds
        while let index = flights.firstIndex(where: { $0.end < now }) {
            report.ended(flights.remove(at: index).row, .unanswered, "nobody answered within \(deadline): is purser-billing running?")
        }
    }
}
