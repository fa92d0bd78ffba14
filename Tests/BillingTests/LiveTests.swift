import AMQP
import Messages
import Postgres
import PurserTesting
import Runtime
import Telemetry
import Testing

@testable import Billing

/// The program on a broker and a database, from request to answer, event and dead letter.
@Suite(.serialized) struct LiveTests {
    private static let queues = ["purser.billing", "purser.billing.dead", "happenings", "reply.test"]

    /// What billing needs of the topology.
    private func declare(_ broker: BrokerConnection) throws {
        let topics = [Exchange.commands, .ticks, .events, .retry, .dead]
        for exchange in topics { try broker.declareExchange(exchange.rawValue, type: exchange.kind) }
        for queue in Self.queues { try broker.declareQueue(queue, arguments: ["x-queue-type": "quorum"]) }
        try broker.bindQueue("purser.billing", to: "purser.commands", routingKey: "billing.#")
        try broker.bindQueue("purser.billing", to: "purser.ticks", routingKey: "tick.due-work")
        try broker.bindQueue("purser.billing.dead", to: "purser.dead", routingKey: "billing")
        try broker.bindQueue("happenings", to: "purser.events", routingKey: "#")
    }

    private func publish(_ broker: BrokerConnection, _ key: String, _ id: String, _ data: String, exchange: Exchange = .commands) throws {
        var properties = Properties()
        properties.contentType = "application/cloudevents+json"
        properties.messageID = id
        properties.type = key
        properties.replyTo = "reply.test"
        properties.correlationID = "c-\(id)"
        let body = #"{"specversion":"1.0","id":"\#(id)","source":"/crm","type":"\#(key)","subject":"org-1","data":\#(data)}"#
        _ = try broker.publish(
            OutgoingMessage(exchange: exchange.rawValue, routingKey: key, isMandatory: true, properties: properties, body: Array(body.utf8))
        )
        try broker.waitForConfirms(timeout: .seconds(20))
        try #require(broker.takeOutcomes().count == 1)
    }

    /// Takes so many messages from a queue, waiting for them.
    private func take(_ count: Int, from queue: String, of host: ScratchVirtualHost) throws -> [Delivery] {
        let reader = try BrokerConnection(BrokerConfiguration(url: host.amqpURL), name: "test reader")
        defer { reader.close() }
        _ = try reader.consume(queue: queue, prefetch: count)
        var found: [Delivery] = []
        let end = ContinuousClock.now + .seconds(30)
        while found.count < count, ContinuousClock.now < end { try reader.receive(into: &found, limit: count, timeout: .seconds(1)) }
        for delivery in found { try reader.acknowledge(delivery.tag) }
        try reader.flush()
        try #require(found.count == count, "\(queue): \(found.count) of \(count) messages in 30 s")
        return found
    }

    @Test func requestsAreAnsweredToldAndBuried() throws {
        try ScratchDatabase.withSchema("billinglive") { database in
            try ScratchVirtualHost.with("billing") { host in
                let broker = try BrokerConnection(BrokerConfiguration(url: host.amqpURL), name: "test")
                defer { broker.close() }
                try declare(broker)
                try broker.selectConfirms()
                let settings: [Setting: String] = [.amqpURL: host.amqpURL, .databaseURL: database.url, .tokenWelcomeGrant: "5"]
                let consumer = RunningProgram(
                    BillingProgram.description,
                    try RunningProgram.Surroundings(try .defaults(settings), program: "purser-billing", log: .silent))
                defer {
                    consumer.requestStop(within: .seconds(25))
                    #expect(consumer.join() == .done)
                }
                try publish(broker, "billing.grant", "g", #"{"tokens":10}"#)
                try publish(broker, "billing.grant", "g", #"{"tokens":10}"#)
                try publish(broker, "billing.adjust", "a", #"{"tokens":-99,"reason":"x"}"#)
                try publish(broker, "billing.plan_set", "p", "{}")
                try publish(broker, "tick.due-work", "t", "{}", exchange: .ticks)
                let answers = try take(4, from: "reply.test", of: host)
                var texts: [String: [String]] = [:]
                for answer in answers {
                    texts[answer.properties.correlationID ?? "", default: []].append(String(decoding: answer.body, as: UTF8.self))
                }
                let granted = try #require(texts["c-g"])
                #expect(granted.count == 2 && granted[0] == granted[1] && granted[0].contains(#""balance":15"#))
                #expect(texts["c-a"]?.first?.contains(#""code":"insufficient_tokens""#) == true)
                #expect(texts["c-p"]?.first?.contains(#""code":"unknown_type""#) == true)
                let events = try take(3, from: "happenings", of: host)
                #expect(events.map(\.routingKey) == ["wallet.opened", "tokens.granted", "tokens.granted"])
                let dead = try take(1, from: "purser.billing.dead", of: host)
                #expect(dead[0].properties.headers.string("purser-reason") == "unknown_type")
            }
        }
    }
}
