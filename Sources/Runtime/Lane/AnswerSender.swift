import AMQP
import Messages
import Telemetry

/// The connection of a lane on which answers go out, and nothing else: where an answer goes is the word of whoever asked, and a broker
/// closes the connection on which it is given an address that it cannot use. Nobody shall be able to do that to dead letters and outbox.
///
/// Opened at the first answer. An answer is sent once and not again: who waits for one in vain asks again. Belongs to the lane's thread.
final class AnswerSender {
    private struct Pending {
        let message: OutgoingMessage
        /// As in `AnswerTrust`.
        let node: String?
        /// When it was handed over, nanoseconds on the monotonic clock.
        let since: Int64
    }

    private let configuration: BrokerConfiguration
    private let name: String
    private let context: LaneContext
    private let wait: Int64
    private(set) var connection: BrokerConnection?
    private var openings = 0
    private var waiting: [Pending] = []
    /// The nodes of direct answers without a confirm. Those to queues are not waited for: a queue without a leader confirms nothing.
    private var inFlight: [UInt64: String] = [:]
    /// An answer is in flight that may share the connection with no other.
    private var isAlone = false
    private var trust = AnswerTrust()
    private var backoff = AnswerSender.firstBackoff
    private var notBefore: Int64 = 0

    /// Answers wait for the connection, so the waits are shorter than elsewhere.
    private static let firstBackoff = Backoff(first: .milliseconds(20), longest: .milliseconds(250))
    /// Answers that wait here; further ones are dropped.
    static let mostWaiting = 10_000

    init(_ configuration: BrokerConfiguration, name: String, context: LaneContext) {
        var configuration = configuration
        configuration.connectTimeout = min(configuration.connectTimeout, .seconds(2))
        configuration.publishTimeout = min(configuration.publishTimeout, .seconds(2))
        self.configuration = configuration
        self.name = name
        self.context = context
        wait = Int64(context.configuration.answerWait / .nanoseconds(1))
    }

    /// Whether there is something that a waiting lane should look after soon.
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Hands over the answer to a delivery; it is sent by `pump`. Nobody's, where none was asked for at an address that may be used.
    func submit(_ body: [UInt8], to delivery: Delivery) {
        guard let replyTo = delivery.properties.replyTo else { return }
        guard let address = ReplyAddress(replyTo) else { return context.metrics.counter(.answers, "not_allowed").add() }
        guard waiting.count < Self.mostWaiting else { return drop(1) }
        let node: String? = if case .direct(let node) = address { node } else { nil }
        let message = OutgoingMessage(answer: body, to: delivery, at: replyTo)
        waiting.append(Pending(message: message, node: node, since: context.time.monotonicNanoseconds))
    }

    /// Sends what waits as far as the broker takes it, and handles what the broker has said meanwhile. Waits for nothing but a connection.
    /// - Parameter mayConnect: whether the broker is known to be there.
    func pump(mayConnect: Bool) {
        guard connection != nil || hasWaiting else { return }
        let now = context.time.monotonicNanoseconds
        dropOld(now)
        do throws(BrokerError) {
            if connection == nil {
                guard mayConnect, hasWaiting, now >= notBefore else { return }
                try connect()
            }
            guard let connection else { return }
            try connection.service(timeout: .zero)
            settle(connection)
            try sendWaiting(connection, now)
        } catch {
            lost(error, now)
        }
    }

    private func connect() throws(BrokerError) {
        let connection = try BrokerConnection(configuration, name: name)
        try connection.selectConfirms()
        openings += 1
        if openings > 1 { context.metrics.counter(.reconnects, "broker_answer").add() }
        self.connection = connection
    }

    private func settle(_ connection: BrokerConnection) {
        for outcome in connection.takeOutcomes() {
            guard let node = inFlight.removeValue(forKey: outcome.sequence) else { continue }
            if outcome.result == .confirmed { trust.worked(node) }
        }
        if inFlight.isEmpty { isAlone = false }
    }

    private func sendWaiting(_ connection: BrokerConnection, _ now: Int64) throws(BrokerError) {
        guard hasWaiting, !isAlone, connection.blockedReason == nil else { return }
        var index = 0
        var kept: [Pending] = []
        defer { waiting = kept + waiting[index...] }
        while index < waiting.count, inFlight.count < LanePublisher.mostInFlight, !isAlone {
            let item = waiting[index]
            let verdict = trust.verdict(on: item.node, now)
            let mayGo =
                switch verdict {
                case .free: true
                case .alone: inFlight.isEmpty
                case .never: false
                }
            if mayGo {
                guard try send(item, connection) else { break }
                isAlone = verdict == .alone
            } else if verdict == .never {
                drop(1)
            } else {
                kept.append(item)
            }
            index += 1
        }
        try connection.flushUnlessBlocked()
    }

    /// - Returns: false under an alarm; the answer waits.
    private func send(_ item: Pending, _ connection: BrokerConnection) throws(BrokerError) -> Bool {
        do throws(BrokerError) {
            let sequence = try connection.publish(item.message)
            if let node = item.node { inFlight[sequence] = node }
            context.metrics.counter(.answers, "sent").add()
        } catch {
            switch error.kind {
            case .blocked: return false
            case .invalidArgument:
                context.log.error("message cannot be published", [.exchange: .string(item.message.exchange), .error: "\(error)"])
            default: throw error
            }
        }
        return true
    }

    /// The connection is gone, and what was in flight with it: one of these answers may have been the reason.
    private func lost(_ error: BrokerError, _ now: Int64) {
        context.log.warning("broker connection lost", [.connection: "answers", .error: "\(error)"])
        if !trust.isCautious(now) { backoff.reset() }
        switch error.kind {
        case .closedByBroker(let code, _) where code != AnswerSender.closedByOperator: trust.failed(Set(inFlight.values), now)
        case .channelClosed: trust.failed(Set(inFlight.values), now)
        default: break
        }
        drop(inFlight.count)
        forget()
        notBefore = now + Int64(backoff.next(using: &context.random) / .nanoseconds(1))
    }

    /// The code with which a broker closes a connection because it was told to, or because it stops.
    private static let closedByOperator: UInt16 = 320

    private func dropOld(_ now: Int64) {
        let before = waiting.count
        waiting.removeAll { $0.since < now - wait }
        if waiting.count < before { drop(before - waiting.count) }
    }

    private func drop(_ count: Int) { context.metrics.counter(.answers, "dropped").add(count) }

    /// Sends what is buffered and closes.
    func forget() {
        connection?.close()
        connection = nil
        inFlight = [:]
        isAlone = false
    }
}
