import Testing

@testable import AMQP

@Suite("Consuming from the real broker", .timeLimit(.minutes(2)))
struct ConsumingTests {
    /// Publishes `count` bodies, each its own number, and waits for the confirms.
    private func fill(_ queue: String, _ count: Int, on connection: BrokerConnection) throws {
        try connection.selectConfirms()
        for index in 0..<count { try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: Array("\(index)".utf8))) }
        try connection.waitForConfirms(timeout: .seconds(30))
    }

    @Test("Deliveries come in order, within the prefetch, and go with a multiple acknowledgement")
    func prefetchAndMultipleAcknowledgement() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try fill(queue, 100, on: connection)
        let consumer = try connection.consume(queue: queue, prefetch: 40)
        let first = try connection.receive(40)
        #expect(first.count == 40 && first.allSatisfy { $0.consumer == consumer })
        #expect(first.map { String(decoding: $0.body, as: UTF8.self) } == (0..<40).map { "\($0)" })
        var none: [Delivery] = []
        try connection.receive(into: &none, limit: 10, timeout: .milliseconds(50))
        #expect(none.isEmpty)
        try connection.acknowledge(first[39].tag, multiple: true)
        let second = try connection.receive(40)
        #expect(String(decoding: second[0].body, as: UTF8.self) == "40")
    }

    @Test("A body that is too large to be kept is read past, and its message known")
    func oversized() throws {
        var configuration = try TestBroker.configuration()
        configuration.largestKeptBody = 300_000
        let connection = try BrokerConnection(configuration, name: "amqp tests")
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        for size in [300_001, 300_000, 3] {
            try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: [UInt8](repeating: 7, count: size)))
        }
        _ = try connection.consume(queue: queue, prefetch: 2)
        let found = try connection.receive(2)
        #expect(found.map(\.body.count) == [0, 300_000] && found.map(\.omittedBytes) == [300_001, 0])
        try connection.reject(found[0].tag, requeue: false)
        try connection.acknowledge(found[1].tag)
        #expect(try connection.receive(1).map(\.body.count) == [3])
    }

    @Test("A limit below what is there hands the rest out later")
    func limit() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try fill(queue, 50, on: connection)
        _ = try connection.consume(queue: queue, prefetch: 0)
        var batches: [Int] = []
        var bodies: [String] = []
        while bodies.count < 50 {
            var batch: [Delivery] = []
            try connection.receive(into: &batch, limit: 7, timeout: .seconds(10))
            try #require(!batch.isEmpty, "no delivery in 10 seconds")
            batches.append(batch.count)
            bodies += batch.map { String(decoding: $0.body, as: UTF8.self) }
        }
        #expect(batches.allSatisfy { $0 <= 7 })
        #expect(bodies == (0..<50).map { "\($0)" })
        #expect(!connection.hasBufferedInput)
    }

    @Test("Rejected deliveries come back, or not, as asked")
    func reject() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try fill(queue, 2, on: connection)
        _ = try connection.consume(queue: queue, prefetch: 2)
        let first = try connection.receive(2)
        try connection.reject(first[0].tag, requeue: true)
        try connection.reject(first[1].tag, requeue: false)
        let again = try connection.receive(1)
        #expect(again.map(\.body) == [Array("0".utf8)] && again[0].redelivered)
        try connection.acknowledge(again[0].tag)
        #expect(try connection.declareQueuePassively(queue).messages == 0)
    }

    @Test("Many consumers on one connection each get their own")
    func manyConsumers() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queues = try (0..<8).map { _ in try connection.declareQueue("", durable: false, exclusive: true).name }
        for queue in queues { try fill(queue, 200, on: connection) }
        // Deliveries of the first ones arrive while the later ones are still being started.
        let consumers = try queues.map { try connection.consume(queue: $0, prefetch: 200) }
        #expect(consumers == Array(0..<8))
        let deliveries = try connection.receive(1_600)
        for consumer in consumers {
            let mine = deliveries.filter { $0.consumer == consumer }
            #expect(mine.count == 200 && mine.allSatisfy { $0.routingKey == queues[consumer] })
        }
    }

    @Test("A cancelled consumer gets nothing more, what it has can be acknowledged")
    func cancel() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try fill(queue, 3, on: connection)
        let consumer = try connection.consume(queue: queue, prefetch: 2)
        let got = try connection.receive(2)
        try connection.cancel(consumer)
        try connection.cancel(consumer)
        try connection.acknowledge(got[1].tag, multiple: true)
        #expect(try connection.declareQueuePassively(queue) == QueueInfo(name: queue, messages: 1, consumers: 0))
    }

    @Test("A consumer is cancelled and started anew without waiting for answers; the requests are carried out in their order")
    func restart() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try fill(queue, 5, on: connection)
        let narrow = try connection.consume(queue: queue, prefetch: 1)
        let first = try connection.receive(1)
        try connection.cancel(narrow, waits: false)
        try connection.acknowledge(first[0].tag)
        let wide = try connection.consume(queue: queue, prefetch: 3, waits: false)
        let rest = try connection.receive(3)
        #expect(rest.allSatisfy { $0.consumer == wide })
        // An answer that is waited for is not taken for one that nobody awaits.
        let other = try connection.consume(queue: try connection.declareQueue("", durable: false, exclusive: true).name, prefetch: 1)
        #expect(other == wide + 1)
        #expect(try connection.declareQueuePassively(queue) == QueueInfo(name: queue, messages: 1, consumers: 1))
    }

    @Test("A deleted queue cancels its consumer, and the connection lives on")
    func cancelledByBroker() throws {
        let connection = try TestBroker.connect()
        let other = try TestBroker.connect()
        defer {
            connection.close()
            other.close()
        }
        let name = TestBroker.uniqueName("deleted")
        try other.declareQueue(name, durable: false, autoDelete: true)
        let consumer = try connection.consume(queue: name, prefetch: 1)
        try other.deleteQueue(name)
        var batch: [Delivery] = []
        try connection.receive(into: &batch, limit: 1, timeout: .seconds(20))
        #expect(batch.isEmpty)
        #expect(connection.takeCancellations() == [consumer])
        #expect(connection.takeCancellations().isEmpty)
        try connection.declareExchangePassively("amq.direct")
    }

    @Test("Waiting on several connections wakes for the one that has something")
    func waitForSeveral() throws {
        let connections = try (0..<3).map { _ in try TestBroker.connect() }
        defer { connections.forEach { $0.close() } }
        let queue = try connections[1].declareQueue("", durable: false, exclusive: true).name
        _ = try connections[1].consume(queue: queue, prefetch: 1)
        #expect(BrokerConnection.wait(for: connections, alsoReadable: [], timeout: .milliseconds(10)).isEmpty)
        try connections[1].publish(OutgoingMessage(exchange: "", routingKey: queue, body: [1]))
        BrokerConnection.wait(for: connections, alsoReadable: [], timeout: .seconds(20))
        #expect(try connections[1].receive(1).count == 1)
    }

    @Test("Bindings route, through exchanges too")
    func bindings() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let outer = TestBroker.uniqueName("outer")
        let inner = TestBroker.uniqueName("inner")
        try connection.declareExchange(outer, type: "fanout", durable: false)
        try connection.declareExchange(inner, type: "topic", durable: false)
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try connection.bindExchange(inner, to: outer, routingKey: "")
        try connection.bindQueue(queue, to: inner, routingKey: "a.#")
        try connection.bindQueue(queue, to: inner, routingKey: "b")
        try connection.unbindQueue(queue, from: inner, routingKey: "b")
        try connection.selectConfirms()
        for key in ["a.b", "b", "a"] { try connection.publish(OutgoingMessage(exchange: outer, routingKey: key, body: [])) }
        try connection.waitForConfirms(timeout: .seconds(20))
        #expect(connection.takeOutcomes().filter { $0.result == .confirmed }.count == 2)
        #expect(try connection.purgeQueue(queue) == 2)
        try connection.deleteExchange(outer)
        try connection.deleteExchange(inner)
    }
}
