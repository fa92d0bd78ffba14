import AMQP
import Operator
import PurserTesting
import Testing

/// The matrix of rights, tried as each user (product.md A4).
@Suite("Topology rights")
struct TopologyRightsTests {
    private enum Deed: CustomStringConvertible {
        case publish(String, String)
        case impersonate(String, String)
        case read(String)
        case declare(String)

        var description: String {
            switch self {
            case .publish(let exchange, let key): "publish to \(exchange.isEmpty ? "the default exchange" : exchange) by \(key)"
            case .impersonate(let exchange, let key): "publish to \(exchange) by \(key) as somebody else"
            case .read(let queue): "read \(queue)"
            case .declare(let queue): "declare \(queue)"
            }
        }
    }

    /// Whether the broker lets a user do it. A refusal closes the channel, so each deed has a connection of its own.
    private func may(_ program: String, _ deed: Deed, _ live: LiveTopology) throws -> Bool {
        let connection = try live.connect(as: program)
        defer { connection.close() }
        do {
            switch deed {
            case .publish(let exchange, let key): _ = try connection.publish(exchange, key, mandatory: false, user: live.name(of: program))
            case .impersonate(let exchange, let key): _ = try connection.publish(exchange, key, mandatory: false, user: "somebody")
            case .read(let queue):
                let arguments: Headers = queue.hasSuffix(".log") ? ["x-stream-offset": "first"] : [:]
                _ = try connection.consume(queue: queue, prefetch: 1, arguments: arguments)
            case .declare(let queue): _ = try connection.declareQueue(queue, arguments: ["x-queue-type": "quorum"])
            }
            return true
        } catch let error as BrokerError {
            guard case .channelClosed(let code, _) = error.kind, code == 403 || code == 406 else { throw error }
            return false
        }
    }

    private func check(_ program: String, may: [Deed], mayNot: [Deed]) throws {
        try LiveTopology.with("rights", partitions: 1, users: true) { (live) throws in
            for deed in may { #expect(try self.may(program, deed, live), "\(program) should be allowed to \(deed)") }
            for deed in mayNot { #expect(try self.may(program, deed, live) == false, "\(program) should not be allowed to \(deed)") }
        }
    }

    @Test("a producer reports usage and nothing else")
    func producer() throws {
        try check(
            "purser-producer", may: [.publish("purser.usage", "org-1")],
            mayNot: [
                .publish("purser.commands", "billing.grant"), .publish("purser.events", "usage.rejected"), .publish("", "purser.billing"),
                .publish("purser.ticks", "tick.forecasts"), .publish("purser.retry", "billing.10s"), .publish("purser.dead", "usage"),
                .publish("purser.usage.partitions", "org-1"), .publish("amq.topic", "x"), .impersonate("purser.usage", "org-1"),
                .read("purser.usage.0"), .read("purser.usage.log"), .read("purser.usage.dead"), .declare("purser.mine"),
                .declare("reply.mine"),
            ])
    }

    @Test("the meter reads usage and its commands, announces, moves messages and answers")
    func meter() throws {
        try check(
            "purser-meter",
            may: [
                .read("purser.usage.0"), .read("purser.meter"), .publish("purser.events", "usage.rejected"),
                .publish("purser.events", "wallet.threshold_crossed"), .impersonate("purser.retry", "meter.10s"),
                .impersonate("purser.dead", "usage"), .publish("", "reply.somebody"),
            ],
            mayNot: [
                .read("purser.billing"), .read("purser.usage.dead"), .read("purser.usage.log"), .publish("purser.usage", "org-1"),
                .publish("purser.commands", "billing.grant"), .publish("purser.ticks", "tick.forecasts"),
                .publish("purser.events", "purchase.completed"), .publish("purser.usage.partitions", "x"), .declare("purser.mine"),
            ])
    }

    @Test("billing and topup: only topup asks for an automatic purchase")
    func billingAndTopup() throws {
        try check(
            "purser-billing",
            may: [
                .read("purser.billing"), .publish("purser.events", "purchase.completed"), .publish("purser.commands", "billing.invoice"),
                .impersonate("purser.retry", "billing.1h"),
            ],
            mayNot: [
                .publish("purser.commands", "billing.topup_purchase"), .publish("purser.commands", "meter.rate_set"),
                .publish("purser.usage", "org-1"), .read("purser.billing.dead"), .read("purser.topup"),
                .publish("purser.events", "usage.rejected"),
            ])
        try check(
            "purser-topup",
            may: [
                .read("purser.topup"), .publish("purser.commands", "billing.topup_purchase"), .publish("purser.commands", "topup.check"),
            ],
            mayNot: [
                .publish("purser.commands", "billing.grant"), .publish("purser.commands", "billing.topup_purchase.x"),
                .read("purser.billing"),
            ])
    }

    @Test("notifier, forecaster and expiry keep to themselves", arguments: ["notifier", "forecaster", "expiry"])
    func others(_ consumer: String) throws {
        try check(
            "purser-\(consumer)",
            may: [
                .read("purser.\(consumer)"), .publish("purser.commands", "\(consumer).part"), .publish("purser.events", "job.finished"),
                .impersonate("purser.dead", consumer),
            ],
            mayNot: [
                .publish("purser.commands", "billing.grant"), .publish("purser.events", "usage.rejected"), .read("purser.\(consumer).dead"),
                .publish("purser.ticks", "tick.forecasts"),
            ])
    }

    @Test("the scheduler ticks; the gateway asks for its callers")
    func schedulerAndGateway() throws {
        try check(
            "purser-scheduler", may: [.publish("purser.ticks", "tick.forecasts")],
            mayNot: [
                .publish("purser.ticks", "other"), .publish("purser.commands", "billing.grant"), .read("purser.ticks.log"),
                .publish("", "purser.meter"),
            ])
        try check(
            "purser-gateway",
            may: [
                .publish("purser.usage", "org-1"), .publish("purser.commands", "billing.grant"), .publish("purser.commands", "meter.check"),
                .publish("purser.commands", "notifier.threshold_set"),
            ],
            mayNot: [
                .publish("purser.commands", "billing.topup_purchase"), .publish("purser.commands", "expiry.part"),
                .publish("purser.events", "x.y"), .impersonate("purser.usage", "org-1"), .publish("", "purser.billing"),
                .read("purser.billing"),
            ])
    }

    @Test("the operator publishes everywhere, reads streams and dead letters, and changes nothing")
    func operatorUser() throws {
        try check(
            "purser-operator",
            may: [
                .impersonate("purser.usage", "org-1"), .impersonate("purser.commands", "billing.topup_purchase"),
                .publish("purser.ticks", "tick.forecasts"), .publish("purser.events", "usage.rejected"), .publish("", "purser.billing"),
                .read("purser.usage.log"), .read("purser.events.log"), .read("purser.meter.dead"), .read("purser.usage.dead"),
            ],
            mayNot: [.read("purser.usage.0"), .read("purser.billing"), .read("purser.billing.retry.10s"), .declare("purser.mine")])
    }

    @Test("a user that apply made cannot log in before it is given a password")
    func withoutPassword() throws {
        try LiveTopology.with("login", partitions: 1, users: true) { live in
            for password in ["", "guest", live.name(of: "purser-operator")] {
                let url = try live.host.amqpURL(user: live.name(of: "purser-operator"), password: password)
                do {
                    try BrokerConnection(BrokerConfiguration(url: url), name: "stranger").close()
                    Issue.record("logged in")
                } catch let error as BrokerError {
                    guard case .refused = error.kind else { throw error }
                }
            }
        }
    }

    @Test("an answer by direct reply-to needs no right of the asker")
    func directReply() throws {
        try LiveTopology.with("reply", partitions: 1, users: true) { live in
            let asker = try live.connect(as: "purser-producer")
            _ = try asker.consume(queue: "amq.rabbitmq.reply-to", prefetch: 0, acknowledges: false)
            var properties = Properties()
            properties.replyTo = "amq.rabbitmq.reply-to"
            _ = try asker.publish(OutgoingMessage(exchange: "purser.usage", routingKey: "org-1", properties: properties, body: [1]))
            try asker.flush()
            let meter = try live.connect(as: "purser-meter")
            _ = try meter.consume(queue: "purser.usage.0", prefetch: 1)
            let question = try #require(try meter.take(1).first)
            _ = try meter.publish("", try #require(question.properties.replyTo), body: "answer", mandatory: false)
            var answers: [Delivery] = []
            try asker.receive(into: &answers, limit: 1, timeout: .seconds(10))
            #expect(answers.first?.body == Array("answer".utf8))
            asker.close()
            meter.close()
        }
    }
}
