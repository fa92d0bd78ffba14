import AMQP
import Messages
import Postgres
import PurserTesting
import Runtime
import Store
import Testing

@testable import Operator

@Suite("Dead letters")
struct DeadLetterTests {
    private func declare(_ broker: BrokerFixture) throws {
        for consumer in DeadLetterQueue.consumers { try broker.connection.declareQueue("purser.\(consumer).dead") }
        for queue in ["purser.billing", "purser.usage.0", "purser.usage.3"] { try broker.connection.declareQueue(queue) }
        try broker.connection.selectConfirms()
    }

    private func bury(
        _ broker: BrokerFixture, _ consumer: String, id: String?, reason: String, home: String, body: String, type: String = "billing.grant"
    ) throws {
        var properties = Properties()
        properties.messageID = id
        properties.type = type
        properties.headers = [
            "purser-reason": .string(reason), "purser-error": "words", "purser-attempt": 7, "purser-first-seen": "2026-11-20T10:00:00Z",
            "purser-key": .string(type), "purser-user": "crm", "purser-queue": .string(home), "traceparent": "00-a-b-01",
        ]
        let queue = "purser.\(consumer).dead"
        _ = try broker.connection.publish(OutgoingMessage(exchange: "", routingKey: queue, properties: properties, body: Array(body.utf8)))
        try broker.connection.waitForConfirms(timeout: .seconds(10))
    }

    @Test("looking takes nothing away; one goes back to work as it was, flat and confirmed")
    func retry() throws {
        try BrokerFixture.with("dead") { broker in
            try declare(broker)
            try bury(broker, "billing", id: "m1", reason: "unknown_type", home: "purser.billing", body: "one")
            try bury(broker, "billing", id: "m2", reason: "attempts_exhausted", home: "purser.billing", body: "two")
            try bury(broker, "usage", id: nil, reason: "not_json", home: "purser.usage.3", body: "{\u{1B}[2J")

            let list = CommandRun(["dead", "list"], broker.environment)
            #expect(list.code == .done && list.output.contains("attempts_exhausted") && list.output.contains("sha256:"))
            let json = try CommandRun(["dead", "list", "--queue", "billing", "--json"], broker.environment).json()
            #expect(json["groups"]?.elements?.count == 2 && json["queues"]?["billing"]?.whole == 2)
            let show = CommandRun(["dead", "show", "m1"], broker.environment)
            #expect(show.code == .done && show.output.contains("goes back to") && show.output.contains("one"))
            let id = try #require(list.output.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("sha256:") })
            let odd = CommandRun(["dead", "show", String(id)], broker.environment)
            #expect(odd.code == .done && !odd.output.contains("\u{1B}"), "what a stranger sent must not reach the terminal")
            #expect(CommandRun(["dead", "show", "m9"], broker.environment).code == .differences)
            try broker.waitForDepth("purser.billing.dead", 2)

            let run = CommandRun(["dead", "retry", "--id", "m1"], broker.environment)
            #expect(run.code == .done && run.output.contains("1 dead letter put back"))
            let back = try #require(try broker.connection.get(queue: "purser.billing"))
            #expect(back.body == Array("one".utf8) && back.properties.messageID == "m1" && back.exchange.isEmpty)
            #expect(
                back.properties.headers.entries.map(\.name).sorted() == ["purser-first-seen", "purser-key", "purser-user", "traceparent"])
            #expect(back.originalUser == "crm" && back.originalRoutingKey == "billing.grant" && back.attempts == 0)
            try broker.waitForDepth("purser.billing.dead", 1)
            #expect(try broker.connection.get(queue: "purser.billing.dead")?.properties.messageID == "m2")

            let nosuch = CommandRun(["dead", "retry", "--id", "nosuch"], broker.environment)
            #expect(nosuch.code == .differences && nosuch.output == "no dead letter has the id nosuch\n")
            #expect(CommandRun(["dead", "retry", "--reason", "not_json"], broker.environment).code == .done)
            #expect(try broker.depth("purser.usage.3") == 1)
            #expect(CommandRun(["dead", "retry", "--queue", "usage", "--all"], broker.environment).code == .differences)
        }
    }

    @Test("purchases and webhooks that billing buried are listed, shown, put back and thrown away like everything else")
    func purchases() throws {
        try BrokerFixture.with("sales") { broker in
            try DatabaseFixture.with("sales") { database, connection in
                try declare(broker)
                try bury(
                    broker, "billing", id: "p1", reason: "attempts_exhausted", home: "purser.billing", body: #"{"id":"p1"}"#,
                    type: "billing.purchase")
                try bury(
                    broker, "billing", id: "w1", reason: "unreadable", home: "purser.billing", body: "{", type: "billing.gateway_event")
                let environment = broker.environment.merging(["DATABASE_URL": database.url, "USER": "ada"]) { $1 }
                let list = CommandRun(["dead", "list", "--queue", "billing"], environment).output
                #expect(list.contains("billing.purchase") && list.contains("billing.gateway_event"), "\(list)")
                #expect(CommandRun(["dead", "show", "p1", "--queue", "billing"], environment).output.contains("billing.purchase"))
                #expect(CommandRun(["dead", "retry", "--id", "p1", "--queue", "billing"], environment).code == .done)
                let back = try #require(try broker.connection.get(queue: "purser.billing"))
                #expect(back.properties.type == "billing.purchase" && back.originalRoutingKey == "billing.purchase" && back.attempts == 0)
                #expect(CommandRun(["dead", "discard", "--id", "w1", "--queue", "billing", "--yes"], environment).code == .done)
                #expect(try broker.depth("purser.billing.dead") == 0)
                let rows = try connection.query(DeadLetterTests.audit)
                #expect((0..<rows.count).map { rows.text($0, 1) } == ["dead.retried", "dead.discarded"])
            }
        }
    }

    @Test("a message that the broker buried loses what its publisher wrote under our names")
    func brokersOwn() throws {
        try BrokerFixture.with("broker") { broker in
            try declare(broker)
            try broker.connection.deleteQueue("purser.usage.3")
            try broker.connection.declareQueue(
                "purser.usage.3", arguments: ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "purser.usage.dead"])
            var properties = Properties()
            properties.messageID = "forged"
            properties.headers = ["purser-user": "admin", "purser-key": "billing.grant", "purser-queue": "purser.billing", "color": "red"]
            _ = try broker.connection.publish(
                OutgoingMessage(exchange: "", routingKey: "purser.usage.3", properties: properties, body: [0x7B, 0x7D]))
            try broker.connection.waitForConfirms(timeout: .seconds(10))
            let delivery = try #require(try broker.connection.get(queue: "purser.usage.3"))
            try broker.connection.reject(delivery.tag, requeue: false)
            try broker.connection.flush()
            try broker.waitForDepth("purser.usage.dead", 1)
            #expect(CommandRun(["dead", "list"], broker.environment).output.contains("rejected"))
            #expect(CommandRun(["dead", "retry", "--all", "--key", "org-1"], broker.environment).code == .done)
            let back = try #require(try broker.connection.get(queue: "purser.usage.3"))
            let names = back.properties.headers.entries.map(\.name)
            #expect(names.sorted() == ["color", "purser-key"] && back.originalRoutingKey == "org-1" && back.originalUser == nil)
        }
    }

    @Test("nothing is lost when its queue is missing")
    func missingQueue() throws {
        try BrokerFixture.with("gone") { broker in
            try declare(broker)
            try bury(broker, "expiry", id: "x", reason: "r", home: "purser.expiry", body: "b")
            let run = CommandRun(["dead", "retry", "--all"], broker.environment)
            #expect(run.code == .differences && run.output.contains("1 not"))
            try broker.waitForDepth("purser.expiry.dead", 1)
        }
    }

    @Test("discarding is written into the audit log first")
    func discard() throws {
        try BrokerFixture.with("discard") { broker in
            try DatabaseFixture.with("discard") { database, connection in
                try declare(broker)
                try bury(broker, "billing", id: "m1", reason: "not_json", home: "purser.billing", body: "secret words")
                try bury(broker, "billing", id: "m2", reason: "other", home: "purser.billing", body: "b")
                let environment = broker.environment.merging(["DATABASE_URL": database.url, "USER": "ada"]) { $1 }
                let run = CommandRun(["dead", "discard", "--reason", "not_json", "--yes", "--json"], environment)
                let runJSON = try run.json()
                #expect(run.code == .done && runJSON["done"]?.whole == 1)
                try broker.waitForDepth("purser.billing.dead", 1)
                #expect(try broker.connection.get(queue: "purser.billing.dead")?.properties.messageID == "m2")
                let rows = try connection.query(DeadLetterTests.audit)
                #expect(rows.count == 1 && rows.text(0, 0) == "operator:ada" && rows.text(0, 1) == "dead.discarded")
                #expect(rows.text(0, 2).contains("\"id\":\"m1\"") && !rows.text(0, 2).contains("secret"))
            }
        }
    }

    private static let audit = Statement("test_audit", "SELECT actor, action, before FROM token_audit_logs ORDER BY id")
}
