import AMQP
import Store
import Telemetry

/// The publishing connection of a lane: copies for delay queues and dead letters, messages of the outbox. It publishes with confirms and
/// remembers what is not confirmed yet. Never blocks for long: under an alarm, messages wait here. Answers have a connection of their own
/// (`AnswerSender`). Belongs to the lane's thread.
final class LanePublisher {
    private let configuration: BrokerConfiguration
    private let name: String
    private let exchanges: [String]
    private let context: LaneContext
    private(set) var connection: BrokerConnection?
    private var openings = 0

    private var waiting: [OutgoingItem] = []
    private var inFlight: [UInt64: OutgoingItem] = [:]
    private var backoff = Backoff()
    /// Copies that the broker gave back are tried again from here on, nanoseconds.
    private var notBefore: Int64 = 0
    private var silence = ConfirmSilence()
    /// Outbox rows whose messages are confirmed and can be deleted.
    private(set) var publishedRows: [Int64] = []
    /// False once the broker has told us that we may not publish in the name of others.
    private var mayImpersonate = true

    /// Messages without a confirm at a time; no gain beyond (mq-facts 2.3).
    static let mostInFlight = 1000
    /// Outbox messages that wait here; the rest stays in the table for the relay.
    static let mostWaiting = 10_000

    init(_ configuration: BrokerConfiguration, name: String, exchanges: [String], context: LaneContext) {
        var configuration = configuration
        configuration.publishTimeout = min(configuration.publishTimeout, .seconds(2))
        self.configuration = configuration
        self.name = name
        self.exchanges = exchanges
        self.context = context
    }

    /// Connects and makes sure that the exchanges are there. What was not confirmed before is published again.
    /// - Throws: `BrokerError`; `.channelClosed(404)` names an exchange that is missing.
    func connect() throws(BrokerError) {
        let connection = try BrokerConnection(configuration, name: name)
        for exchange in exchanges { try connection.declareExchangePassively(exchange) }
        try connection.selectConfirms()
        openings += 1
        if openings > 1 { context.metrics.counter(.reconnects, "broker_publish").add() }
        self.connection = connection
    }

    /// Whether everything that was submitted is published and confirmed.
    var isIdle: Bool { waiting.isEmpty && inFlight.isEmpty }

    /// Whether there is something that a waiting lane should look after soon.
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Hands over a message; it is published by `pump`.
    func submit(_ item: OutgoingItem) {
        if case .stored = item.purpose, waiting.count >= LanePublisher.mostWaiting { return }
        waiting.append(item)
    }

    /// Publishes what waits as far as the broker takes it, and handles what the broker has said meanwhile. Does not wait.
    /// - Throws: what has killed the connection.
    func pump() throws(BrokerError) {
        guard let connection else { return }
        context.metrics.gauge(.brokerBlocked, String(context.lane)).set(connection.blockedReason == nil ? 0 : 1)
        if !waiting.isEmpty { try publishWaiting(connection) }
        try connection.service(timeout: .zero)
        handleOutcomes(connection)
        try giveUpSilence(connection)
    }

    /// A message that came to its queue while that had no leader can stay without any answer for as long as the connection lives.
    private func giveUpSilence(_ connection: BrokerConnection) throws(BrokerError) {
        let now = context.time.monotonicNanoseconds
        guard silence.isTooLong(inFlight.keys, now, isBlocked: connection.blockedReason != nil) else { return }
        throw BrokerError(.timeout, "the broker neither confirmed nor refused a message")
    }

    private func publishWaiting(_ connection: BrokerConnection) throws(BrokerError) {
        let now = context.time.monotonicNanoseconds
        guard now >= notBefore, connection.blockedReason == nil else { return }
        context.pass(.beforePublish)
        var index = 0
        defer { waiting.removeFirst(index) }
        while index < waiting.count, inFlight.count < LanePublisher.mostInFlight {
            let item = waiting[index]
            if case .copy(let held) = item.purpose, !held.isCurrent {
                index += 1
                continue
            }
            do throws(BrokerError) {
                if let sequence = try publish(message(of: item), connection) { inFlight[sequence] = item }
                index += 1
            } catch {
                guard error.kind == .blocked else { throw error }
                return
            }
        }
        try connection.flushUnlessBlocked()
        context.pass(.afterPublish)
    }

    /// What a copy was first published by stays on it, as far as we may; what the outbox tells is our own word, and says so: our sources
    /// are bound to our users.
    private func message(of item: OutgoingItem) -> OutgoingMessage {
        if case .stored = item.purpose { return own(item.message) }
        guard !mayImpersonate, item.message.properties.userID != nil else { return item.message }
        var message = item.message
        message.properties.userID = nil
        return message
    }

    private func own(_ message: OutgoingMessage) -> OutgoingMessage {
        var message = message
        message.properties.userID = configuration.user
        return message
    }

    private func handleOutcomes(_ connection: BrokerConnection) {
        let outcomes = connection.takeOutcomes()
        guard !outcomes.isEmpty else { return }
        context.pass(.afterConfirm)
        for outcome in outcomes {
            guard let item = inFlight.removeValue(forKey: outcome.sequence) else { continue }
            switch (item.purpose, outcome.result) {
            case (.copy(let held), .confirmed): held.confirmed()
            case (.stored(let row), .confirmed):
                publishedRows.append(row)
                context.metrics.counter(.outbox, "published").add()
            case (.copy, let result):
                // The delivery stays unacknowledged until its copy is safe.
                waiting.append(item)
                putOff()
                report(item, result)
            case (.stored, let result):
                context.metrics.counter(.outbox, result == .refused ? "refused" : "returned").add()
                report(item, result)
            }
        }
        if waiting.isEmpty { backoff.reset() }
    }

    private func putOff() {
        let pause = backoff.next(using: &context.random)
        notBefore = context.time.monotonicNanoseconds + Int64(pause / .nanoseconds(1))
    }

    private func report(_ item: OutgoingItem, _ result: PublishOutcome.Result) {
        let reason: String =
            switch result {
            case .returned(let code, let text): "\(code) \(text)"
            default: "refused"
            }
        context.log.error(
            "the broker did not take a message",
            [.exchange: .string(item.message.exchange), .routingKey: .string(item.message.routingKey), .reason: .string(reason)])
    }

    /// The rows that can be deleted; they are the caller's business from now on.
    func takePublishedRows() -> [Int64] {
        defer { publishedRows = [] }
        return publishedRows
    }

    /// Whether a row's message is on its way here, so that the relay must leave it alone.
    func isAtWork(on row: Int64) -> Bool {
        publishedRows.contains(row) || (waiting + inFlight.values).contains { $0.purpose.row == row }
    }

    /// Publishes messages of the relay and waits for their outcomes.
    /// - Returns: for each whether it is confirmed.
    /// - Throws: what has killed the connection.
    func publishAndWait(_ messages: [OutgoingMessage], timeout: Duration) throws(BrokerError) -> [Bool] {
        guard let connection else { return messages.map { _ in false } }
        handleOutcomes(connection)
        var places: [UInt64: Int] = [:]
        var isConfirmed = messages.map { _ in false }
        do throws(BrokerError) {
            for index in messages.indices {
                if let sequence = try publish(own(messages[index]), connection) { places[sequence] = index }
            }
            try connection.waitForConfirms(timeout: timeout)
        } catch {
            if error.isFatal { throw error }
        }
        for outcome in connection.takeOutcomes() {
            if let place = places[outcome.sequence] {
                isConfirmed[place] = outcome.result == .confirmed
            } else if let item = inFlight.removeValue(forKey: outcome.sequence) {
                settle(item, outcome.result)
            }
        }
        return isConfirmed
    }

    /// - Returns: nil for a message that the protocol cannot carry: it alone finds no taker, whatever stands behind it.
    private func publish(_ message: OutgoingMessage, _ connection: BrokerConnection) throws(BrokerError) -> UInt64? {
        do throws(BrokerError) {
            return try connection.publish(message)
        } catch {
            guard error.kind == .invalidArgument else { throw error }
            context.log.error("message cannot be published", [.exchange: .string(message.exchange), .error: "\(error)"])
            return nil
        }
    }

    private func settle(_ item: OutgoingItem, _ result: PublishOutcome.Result) {
        switch (item.purpose, result) {
        case (.copy(let held), .confirmed): held.confirmed()
        case (.stored(let row), .confirmed): publishedRows.append(row)
        case (.copy, _): waiting.append(item)
        default: break
        }
    }

    /// The connection is gone: what it did not confirm may or may not have arrived, so it is published again, in its old order.
    func forget(_ error: BrokerError? = nil) {
        connection?.close()
        connection = nil
        let again = inFlight.sorted { $0.key < $1.key }.map(\.value)
        inFlight = [:]
        silence = ConfirmSilence()
        waiting = again + waiting
        if case .channelClosed(406, let text)? = error?.kind, text.contains("user_id") {
            mayImpersonate = false
            context.log.error("the broker user may not keep the user of messages; it needs the tag impersonator")
        }
    }
}
