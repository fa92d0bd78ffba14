import AMQP
import Glibc
import Messages
import PurserTesting
import Testing

/// A scratch virtual host with as little of the topology as a test needs, and a connection that looks into it.
struct BrokerFixture {
    let host: ScratchVirtualHost
    let connection: BrokerConnection
    var environment: [String: String] { ["AMQP_URL": host.amqpURL, "AMQP_ADMIN_URL": host.adminURL] }

    static func with<R>(_ label: String, _ body: (BrokerFixture) throws -> R) throws -> R {
        try ScratchVirtualHost.with(label) { host in
            let connection = try BrokerConnection(BrokerConfiguration(url: host.amqpURL), name: "test")
            defer { connection.close() }
            return try body(BrokerFixture(host: host, connection: connection))
        }
    }

    /// Where usage is published, with one queue that takes it all.
    func declareUsage(queue: String? = "seen") throws {
        try connection.declareExchange("purser.usage", type: "fanout")
        guard let queue else { return }
        try connection.declareQueue(queue)
        try connection.bindQueue(queue, to: "purser.usage", routingKey: "")
    }

    /// Where commands are published, with the queue of one consumer.
    func declareCommands(_ consumer: String? = "billing") throws {
        try connection.declareExchange("purser.commands", type: "topic")
        guard let consumer else { return }
        try connection.declareQueue("purser.\(consumer)")
        try connection.bindQueue("purser.\(consumer)", to: "purser.commands", routingKey: "\(consumer).#")
    }

    func depth(_ queue: String) throws -> Int { try connection.declareQueuePassively(queue).messages }

    /// Waits until a queue holds at least so many messages. - Throws: a failed requirement after 30 s.
    func waitForDepth(_ queue: String, _ count: Int) throws {
        let start = time(nil)
        while try depth(queue) < count {
            try #require(time(nil) - start < 30, "the queue \(queue) never held \(count) messages")
            try connection.service(timeout: .milliseconds(10))
        }
    }

    /// Takes everything out of a queue.
    func drain(_ queue: String) throws -> [Delivery] {
        let count = try depth(queue)
        guard count > 0 else { return [] }
        let consumer = try connection.consume(queue: queue, prefetch: 0)
        var all: [Delivery] = []
        while all.count < count {
            let before = all.count
            try connection.receive(into: &all, limit: count, timeout: .seconds(10))
            try #require(all.count > before, "only \(before) of \(count) messages of \(queue) came")
        }
        try connection.acknowledge(all[all.count - 1].tag, multiple: true)
        try connection.cancel(consumer)
        return all
    }

    /// Every usage event in a queue, batches opened.
    func drainUsage(_ queue: String = "seen") throws -> [UsageRecorded] {
        try drain(queue).flatMap { delivery -> [UsageRecorded] in
            let message = IncomingMessage(
                contentType: delivery.properties.contentType, routingKey: delivery.routingKey, body: delivery.body)
            switch try UsageEventReader.read(message) {
            case .single(let event): return [event]
            case .batch(let elements): return try elements.map { try $0.event.get() }
            }
        }
    }
}
