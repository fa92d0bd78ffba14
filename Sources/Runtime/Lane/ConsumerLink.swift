import AMQP
import Messages
import Telemetry

/// A connection of a lane that only consumes and acknowledges: its own share with the command queues, or one share for which it stands by.
///
/// After a lost connection everything delivered is forgotten, because the broker delivers it again. Belongs to the lane's thread.
final class ConsumerLink {
    private let configuration: BrokerConfiguration
    private let name: String
    private let context: LaneContext
    private(set) var subscriptions: [Subscription]
    private(set) var connection: BrokerConnection?
    /// One more for every connection that ended.
    private(set) var generation = 0
    private var openings = 0
    private var acknowledger = Acknowledger()
    private var acknowledgements: [Acknowledger.Acknowledgement] = []
    /// Consumer number of the connection -> subscription.
    private var places: [Int] = []
    private var budget: BatchBudget

    init(
        _ configuration: BrokerConfiguration, name: String, subscriptions: [Subscription], budget: BatchBudget, context: LaneContext
    ) {
        var configuration = configuration
        configuration.largestKeptBody = Self.largestKeptBody
        self.configuration = configuration
        self.name = name
        self.subscriptions = subscriptions
        self.budget = budget
        self.context = context
    }

    /// Messages may be 1 MiB (messages.md, Envelope). Those that are a little larger are buried by us with all that we know of them; the
    /// broker itself buries those beyond, so that nobody's message decides how much memory a lane needs.
    static let largestKeptBody = EnvelopeReader.sizeLimit + EnvelopeReader.sizeLimit / 2

    /// Delivered and not settled.
    var held: Int { acknowledger.held }

    /// The partitions from which messages have come lately, so that this consumer is the active one there.
    var serving: Set<Int> { Set(subscriptions.compactMap { $0.hasServed ? $0.partition : nil }) }

    /// Connects, makes sure that the queues are there, and starts consuming with windows of one.
    /// - Throws: `BrokerError`; `.channelClosed(404)` names a queue that is missing.
    func connect() throws(BrokerError) {
        let connection = try BrokerConnection(configuration, name: name)
        for subscription in subscriptions {
            let info = try connection.declareQueuePassively(subscription.queue)
            context.metrics.gauge(.queueDepth, subscription.queue).set(Double(info.messages))
        }
        places = []
        for index in subscriptions.indices {
            subscriptions[index].reset()
            try consume(index, prefetch: 1, waits: true, on: connection)
        }
        openings += 1
        if openings > 1 { context.metrics.counter(.reconnects, "broker_consume").add() }
        self.connection = connection
    }

    private func consume(_ index: Int, prefetch: Int, waits: Bool, on connection: BrokerConnection) throws(BrokerError) {
        let consumer = try connection.consume(queue: subscriptions[index].queue, prefetch: prefetch, waits: waits)
        subscriptions[index].consumer = consumer
        subscriptions[index].hasServed = false
        while places.count <= consumer { places.append(index) }
        places[consumer] = index
    }

    /// Takes everything that is there without waiting, up to the bounds of a batch.
    /// - Returns: whether there is a message among them that was delivered before.
    func receive(into batch: inout [Delivery]) throws(BrokerError) -> Bool {
        guard let connection else { return false }
        var bytes = 0
        var hasSuspects = false
        while true {
            let start = batch.count
            let room = budget.room(messages: start, bytes: bytes)
            if room == 0 { break }
            try connection.receive(into: &batch, limit: room, timeout: .zero)
            let end = batch.count
            try refuseOversized(&batch, from: start, connection)
            for index in start..<batch.count {
                let tag = batch[index].tag
                let isSuspect = batch[index].isSuspect
                let place = places[batch[index].consumer]
                bytes += batch[index].body.count
                hasSuspects = hasSuspects || isSuspect
                acknowledger.delivered(tag)
                subscriptions[place].hasServed = true
                subscriptions[place].received += 1
                subscriptions[place].window.received(isSuspect: isSuspect)
            }
            if end == start { break }
        }
        budget.closed(messages: batch.count, bytes: bytes)
        if !batch.isEmpty { countReceived() }
        try failIfCancelled(connection)
        return hasSuspects
    }

    /// Has the broker bury what was too large to be kept: its queues dead-letter what is rejected.
    private func refuseOversized(_ batch: inout [Delivery], from start: Int, _ connection: BrokerConnection) throws(BrokerError) {
        guard batch[start...].contains(where: { $0.omittedBytes > 0 }) else { return }
        for delivery in batch[start...] where delivery.omittedBytes > 0 {
            let subscription = subscriptions[places[delivery.consumer]]
            let consumer = subscription.isOrdered ? UsageQueue.deadKey : context.program
            context.metrics.counter(.dead, consumer, UnreadableReason.tooLarge.rawValue).add()
            context.log.warning(
                "message rejected, the broker dead-letters it",
                [.reason: .string(UnreadableReason.tooLarge.rawValue), .queue: .string(subscription.queue)])
            try connection.reject(delivery.tag, requeue: false)
        }
        let kept = batch[start...].filter { $0.omittedBytes == 0 }
        batch.replaceSubrange(start..., with: kept)
    }

    private func countReceived() {
        for index in subscriptions.indices where subscriptions[index].received > 0 {
            context.metrics.counter(.received, subscriptions[index].queue).add(subscriptions[index].received)
            subscriptions[index].received = 0
        }
    }

    /// The broker stops a consumer when its queue is deleted or has lost its leader. A new connection finds out which.
    private func failIfCancelled(_ connection: BrokerConnection) throws(BrokerError) {
        guard !connection.takeCancellations().isEmpty else { return }
        throw BrokerError(.channelClosed(code: 404, text: "consumer cancelled"), "the broker cancelled a consumer")
    }

    /// Which intake a delivery of this link belongs to.
    func intake(of delivery: borrowing Delivery) -> Int { subscriptions[places[delivery.consumer]].intake }

    /// The queue that a delivery of this link came from.
    func queue(of delivery: borrowing Delivery) -> String { subscriptions[places[delivery.consumer]].queue }

    /// A message is finished with; acknowledged by the next `acknowledge()`.
    func settle(_ tag: UInt64) { acknowledger.settle(tag) }

    /// Sends what can be acknowledged, and widens the windows that are due: first the consumer is cancelled, then its message is
    /// acknowledged, then it is started anew. Its message is committed by now, so whoever takes over in between keeps the order
    /// of arrival. The broker does all of it in that order, so nothing is waited for: the answers would stand behind the whole windows
    /// of the queues that were widened before, which would have to be kept in memory.
    func acknowledge() throws(BrokerError) {
        guard let connection else { return }
        let due = subscriptions.indices.filter { subscriptions[$0].window.width == .due && subscriptions[$0].consumer != nil }
        for index in due {
            guard let consumer = subscriptions[index].consumer else { continue }
            try connection.cancel(consumer, waits: false)
            subscriptions[index].consumer = nil
        }
        if !due.isEmpty {
            try connection.flush()
            context.pass(.cancelled)
        }
        try sendAcknowledgements(connection)
        for index in due {
            try consume(index, prefetch: subscriptions[index].prefetch, waits: false, on: connection)
            subscriptions[index].window.widened()
        }
        if !due.isEmpty { try connection.flush() }
    }

    private func sendAcknowledgements(_ connection: BrokerConnection) throws(BrokerError) {
        acknowledger.take(into: &acknowledgements)
        guard !acknowledgements.isEmpty else { return }
        context.pass(.beforeAck)
        for item in acknowledgements { try connection.acknowledge(item.tag, multiple: item.multiple) }
        acknowledgements.removeAll(keepingCapacity: true)
        try connection.flush()
        context.pass(.afterAck)
    }

    /// Keeps the heartbeats going while the lane waits for something else.
    func service() throws(BrokerError) { try connection?.service(timeout: .zero) }

    /// Stops fetching from queues on which order does not matter. Ordered ones are not cancelled with messages in hand.
    func cancelUnordered() throws(BrokerError) {
        guard let connection else { return }
        for index in subscriptions.indices where !subscriptions[index].isOrdered {
            guard let consumer = subscriptions[index].consumer else { continue }
            try connection.cancel(consumer)
            subscriptions[index].consumer = nil
        }
    }

    /// Acknowledges what is finished and closes, without cancelling: nothing that is still held is overtaken (mq-facts 0.16).
    func finish() throws(BrokerError) {
        guard let connection else { return }
        defer { forget() }
        try sendAcknowledgements(connection)
        connection.close()
    }

    /// The connection is gone, and with it everything that it delivered.
    func forget() {
        connection?.close()
        connection = nil
        generation += 1
        acknowledger = Acknowledger()
        acknowledgements = []
        for index in subscriptions.indices { subscriptions[index].reset() }
    }
}
