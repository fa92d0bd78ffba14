import AMQP
import Messages
import Runtime
import Telemetry

/// Sends requests and waits for their answers, by the broker's direct reply-to: no queue is made, nothing is left behind.
final class Requester {
    /// What became of a request whose answer was waited for.
    private enum Fate {
        case answered([UInt8])
        case unroutable
        case refusedByBroker
        case silence(isConfirmed: Bool)
    }

    static let replyTo = "amq.rabbitmq.reply-to"
    private let connection: BrokerConnection
    private let time: TimeSource
    private let deadline: Duration

    /// - Parameters:
    ///   - answers: whether answers are wanted at all.
    ///   - deadline: how long one request may take.
    init(_ session: Session, answers: Bool, deadline: Duration) throws(CommandFailure) {
        let connection = try session.openBroker(deadline: deadline, purpose: "request")
        time = session.time
        self.deadline = deadline
        try broker("listen for answers") { () throws(BrokerError) in
            try connection.selectConfirms()
            if answers { _ = try connection.consume(queue: Requester.replyTo, prefetch: 0, acknowledges: false) }
        }
        self.connection = connection
    }

    deinit { connection.close() }

    /// Sends a request and waits for its answer.
    /// - Throws: `temporary` when nobody answers within the deadline or the broker is blocked, `configuration` when no queue takes it.
    func ask(_ message: OutgoingMessage) throws(CommandFailure) -> Answer {
        var message = message
        message.properties.replyTo = Requester.replyTo
        message.properties.correlationID = message.properties.messageID
        let consumer = Requester.consumer(of: message)
        switch try send(message, waitsForAnswer: true) {
        case .answered(let body): return try Answer(body)
        case .unroutable: throw Requester.unroutable(message)
        case .refusedByBroker: throw CommandFailure(.temporary, "the broker refused the request; its queue may be full")
        case .silence(let isConfirmed):
            guard isConfirmed else {
                throw CommandFailure(.temporary, "the broker did not confirm the request within \(deadline)", hint: "purser doctor")
            }
            throw CommandFailure(
                .temporary, "nobody answered within \(deadline): is purser-\(consumer) running?",
                hint: "the request waits in its queue and will be done later; look with purser status")
        }
    }

    /// Sends a message and waits only until the broker has it.
    func tell(_ message: OutgoingMessage) throws(CommandFailure) {
        switch try send(message, waitsForAnswer: false) {
        case .answered: return
        case .unroutable: throw Requester.unroutable(message)
        case .refusedByBroker: throw CommandFailure(.temporary, "the broker refused the message; its queue may be full")
        case .silence: throw CommandFailure(.temporary, "the broker did not confirm the message within \(deadline)", hint: "purser doctor")
        }
    }

    private func send(_ message: OutgoingMessage, waitsForAnswer: Bool) throws(CommandFailure) -> Fate {
        let connection = connection
        var message = message
        message.properties.userID = connection.user
        let sequence = try broker("publish to \(message.exchange)") { () throws(BrokerError) in
            let sequence = try connection.publish(message)
            try connection.flush()
            return sequence
        }
        let end = time.monotonicNanoseconds + Int64(deadline.components.seconds) * 1_000_000_000
        var isConfirmed = false
        var batch: [Delivery] = []
        while true {
            let left = Duration.nanoseconds(max(0, end - time.monotonicNanoseconds))
            try broker("wait for the answer") { () throws(BrokerError) in
                if waitsForAnswer && isConfirmed {
                    try connection.receive(into: &batch, limit: 16, timeout: left)
                } else {
                    // The answer may come before the confirm; it waits in the connection meanwhile.
                    try connection.service(timeout: min(left, .milliseconds(50)))
                }
            }
            for outcome in connection.takeOutcomes() where outcome.sequence == sequence {
                switch outcome.result {
                case .confirmed: isConfirmed = true
                case .returned: return .unroutable
                case .refused: return .refusedByBroker
                }
            }
            if !waitsForAnswer && isConfirmed { return .answered([]) }
            if let answer = batch.first(where: { $0.properties.correlationID == message.properties.correlationID }) {
                return .answered(answer.body)
            }
            batch.removeAll()
            guard time.monotonicNanoseconds < end else {
                if let reason = connection.blockedReason, !isConfirmed {
                    throw CommandFailure(BrokerError(.blocked, reason, isFatal: false))
                }
                return .silence(isConfirmed: isConfirmed)
            }
        }
    }

    private static func unroutable(_ message: OutgoingMessage) -> CommandFailure {
        CommandFailure(
            .configuration, "no queue takes \(message.routingKey) from \(message.exchange)", hint: "purser topology check, then apply")
    }

    /// `billing` of `billing.grant`; usage is the meter's.
    private static func consumer(of message: OutgoingMessage) -> String {
        message.exchange == "purser.usage" ? "meter" : String(message.routingKey.prefix { $0 != "." })
    }
}
