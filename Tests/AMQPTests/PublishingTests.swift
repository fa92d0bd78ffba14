import Testing

@testable import AMQP

@Suite("Publishing to the real broker", .timeLimit(.minutes(2)))
struct PublishingTests {
    @Test("A message with every kind of property and header arrives as it was sent")
    func roundTrip() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        var properties = Properties()
        properties.contentType = "application/json"
        properties.contentEncoding = "identity"
        properties.headers = [
            "text": "grüß", "number": -7, "flag": true, "double": .double(0.5), "bytes": .bytes([0, 255]),
            "when": .timestamp(1_700_000_000),
            "nothing": .void,
        ]
        properties.priority = 3
        properties.correlationID = "correlation"
        properties.replyTo = "reply.here"
        properties.expiration = "60000"
        properties.messageID = "message"
        properties.timestamp = 1_700_000_001
        properties.type = "kind"
        // The broker holds the property against the user who is logged in.
        properties.userID = try TestBroker.configuration().user
        properties.appID = "tests"
        let message = OutgoingMessage(exchange: "", routingKey: queue, properties: properties, body: Array("hello".utf8))
        #expect(try connection.publish(message) == 0)
        try connection.flush()
        let delivery = try #require(try connection.get(queue: queue))
        #expect(delivery.properties == properties)
        #expect(delivery.body == message.body)
        #expect(delivery.exchange == "" && delivery.routingKey == queue && delivery.consumer == -1 && !delivery.redelivered)
        #expect(try connection.get(queue: queue) == nil)
    }

    @Test("Bodies around the frame size survive", arguments: [0, 1, 131_063, 131_064, 131_065, 262_128, 262_129, 1_048_576])
    func bodySizes(_ size: Int) throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try connection.selectConfirms()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        _ = try connection.consume(queue: queue, prefetch: 0)
        for _ in 0..<2 { try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: body)) }
        try connection.waitForConfirms(timeout: .seconds(20))
        #expect(try connection.receive(2).allSatisfy { $0.body == body })
    }

    @Test("Each message gets exactly one outcome, in whatever form the confirms come")
    func everyMessageIsConfirmedOnce() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queues = try (0..<3).map { _ in try connection.declareQueue("", durable: false, exclusive: true).name }
        try connection.selectConfirms()
        let count = 6_000
        for index in 0..<count {
            let sequence = try connection.publish(OutgoingMessage(exchange: "", routingKey: queues[index % 3], body: [1, 2, 3]))
            #expect(sequence == UInt64(index + 1))
        }
        try connection.waitForConfirms(timeout: .seconds(30))
        #expect(connection.unconfirmed == 0)
        let outcomes = connection.takeOutcomes()
        #expect(outcomes.map(\.sequence).sorted() == (1...UInt64(count)).map { $0 })
        #expect(outcomes.allSatisfy { $0.result == .confirmed })
        #expect(connection.takeOutcomes().isEmpty)
    }

    @Test("An unroutable message is returned, and only that one")
    func returned() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try connection.selectConfirms()
        try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: [1]))
        try connection.publish(OutgoingMessage(exchange: "", routingKey: "nowhere.\(queue)", body: [1]))
        try connection.publish(OutgoingMessage(exchange: "", routingKey: "nowhere.\(queue)", isMandatory: false, body: [1]))
        try connection.publish(OutgoingMessage(exchange: "", routingKey: "nowhere.\(queue)", body: [UInt8](repeating: 7, count: 200_000)))
        try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: [1]))
        try connection.waitForConfirms(timeout: .seconds(20))
        let outcomes = connection.takeOutcomes().sorted { $0.sequence < $1.sequence }
        let noRoute = PublishOutcome.Result.returned(code: 312, text: "NO_ROUTE")
        #expect(outcomes.map(\.result) == [.confirmed, noRoute, .confirmed, noRoute, .confirmed])
    }

    @Test("A queue that is full and rejects answers with a refusal")
    func refused() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let arguments: Headers = ["x-max-length": 2, "x-overflow": "reject-publish"]
        let queue = try connection.declareQueue("", durable: false, exclusive: true, arguments: arguments).name
        try connection.selectConfirms()
        for _ in 0..<10 { try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: [1])) }
        try connection.waitForConfirms(timeout: .seconds(20))
        let outcomes = connection.takeOutcomes()
        #expect(outcomes.count == 10)
        #expect(outcomes.contains { $0.result == .confirmed })
        #expect(outcomes.contains { $0.result == .refused })
    }

    @Test("What the protocol cannot carry is refused before anything is sent")
    func invalidMessage() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try connection.selectConfirms()
        var properties = Properties()
        properties.messageID = String(repeating: "x", count: 256)
        var wide = Properties()
        wide.headers = ["wide": .bytes([UInt8](repeating: 0, count: 140_000))]
        for bad in [properties, wide] {
            let error = try #require(throws: BrokerError.self) {
                try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, properties: bad, body: [1]))
            }
            #expect(error.kind == .invalidArgument && error.fate == .unsent && !error.isFatal)
        }
        #expect(connection.unconfirmed == 0)
        try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: [1]))
        try connection.waitForConfirms(timeout: .seconds(20))
        #expect(connection.takeOutcomes() == [PublishOutcome(sequence: 1, result: .confirmed)])
    }

    @Test("An exchange that does not exist ends the channel; every later call says the same")
    func missingExchange() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        try connection.selectConfirms()
        try connection.publish(OutgoingMessage(exchange: TestBroker.uniqueName("missing"), routingKey: "", body: [1]))
        let error = try #require(throws: BrokerError.self) { try connection.waitForConfirms(timeout: .seconds(20)) }
        guard case .channelClosed(404, _) = error.kind else { throw error }
        #expect(error.isFatal && !error.isRetriable)
        #expect(connection.unconfirmed == 1)
        #expect(throws: error) { try connection.publish(OutgoingMessage(exchange: "", routingKey: "", body: [])) }
        #expect(throws: error) { try connection.acknowledge(1) }
    }
}
