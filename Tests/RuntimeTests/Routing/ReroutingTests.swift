import AMQP
import Messages
import Testing

@testable import Runtime

@Suite struct ReroutingTests {
    private func delivery(exchange: String = "purser.commands", _ headers: Headers = [:], user: String? = nil) -> Delivery {
        var properties = Properties()
        properties.headers = headers
        properties.messageID = "e-1"
        properties.type = "billing.grant"
        properties.replyTo = "reply.x"
        properties.userID = user
        properties.expiration = "1000"
        return Delivery(
            consumer: 0, tag: 9, redelivered: false, exchange: exchange, routingKey: "billing.grant", properties: properties, body: [1, 2])
    }

    @Test func aFirstDelayNotesWhenFromWhereAndWhy() {
        let headers: Headers = ["traceparent": "00-a", "x-death": .unsupported, "x-first-death-queue": "q", "x-delivery-count": 1]
        let incoming = delivery(headers, user: "crm")
        let copy = Rerouting.putOff(incoming, by: .oneMinute, reason: "busy", consumer: "billing", now: 0)
        #expect(copy.exchange == "purser.retry")
        #expect(copy.routingKey == "billing.1m")
        #expect(copy.isMandatory)
        #expect(copy.body == [1, 2])
        #expect(
            copy.properties.headers.entries == [
                .init("traceparent", "00-a"), .init("purser-first-seen", "1970-01-01T00:00:00.000000Z"),
                .init("purser-key", "billing.grant"), .init("purser-user", "crm"), .init("purser-attempt", 1),
                .init("purser-reason", "busy"),
            ])
        #expect(copy.properties.messageID == "e-1" && copy.properties.replyTo == "reply.x" && copy.properties.userID == "crm")
        #expect(copy.properties.expiration == nil && copy.properties.deliveryMode == 2)
    }

    @Test func whatIsTooLongForTheWireIsLeftOutAndTheRestTravelsOn() {
        var headers: Headers = ["traceparent": "00-a"]
        headers.entries.append(.init(String(repeating: "n", count: 256), 1))
        headers.entries.append(.init("huge", .string(String(repeating: "x", count: Rerouting.mostHeaderBytes))))
        headers.entries.append(.init("small", "kept"))
        var incoming = delivery(headers)
        incoming.properties.correlationID = String(repeating: "c", count: 256)
        let copy = Rerouting.bury(incoming, reason: "not_json", detail: "no", consumer: "usage", queue: "purser.usage.0", now: 0)
        #expect(copy.properties.headers.string("traceparent") == "00-a" && copy.properties.headers.string("small") == "kept")
        #expect(copy.properties.headers["huge"] == nil && copy.properties.correlationID == nil)
        #expect(copy.properties.headers.entries.allSatisfy { $0.name.utf8.count <= 255 })
        #expect(copy.properties.headers.string("purser-reason") == "not_json")
    }

    @Test func aSecondDelayKeepsTheFirstNotes() {
        let headers: Headers = [
            "purser-attempt": 1, "purser-first-seen": "2026-01-01T00:00:00Z", "purser-key": "billing.purchase", "purser-user": "crm",
            "purser-error": "old",
        ]
        let incoming = delivery(exchange: "", headers)
        #expect(incoming.attempts == 1 && incoming.originalRoutingKey == "billing.purchase" && incoming.originalUser == "crm")
        let copy = Rerouting.putOff(incoming, by: .tenMinutes, reason: "busy", consumer: "billing", now: 5)
        #expect(copy.properties.headers.int("purser-attempt") == 2)
        #expect(copy.properties.headers.string("purser-first-seen") == "2026-01-01T00:00:00Z")
        #expect(copy.properties.headers.string("purser-key") == "billing.purchase")
        #expect(copy.properties.headers.string("purser-user") == "crm")
        #expect(copy.properties.headers["purser-error"] == nil)
    }

    @Test func ourHeadersAreNotBelievedOfAPublisher() {
        let incoming = delivery(["purser-attempt": 6, "purser-key": "billing.adjust", "purser-user": "operator", "purser-index": 3])
        #expect(incoming.attempts == 0 && incoming.originalRoutingKey == "billing.grant" && incoming.originalUser == nil)
        let copy = Rerouting.bury(incoming, reason: "unreadable", detail: "no id", consumer: "billing", queue: "purser.billing", now: 0)
        #expect(copy.exchange == "purser.dead" && copy.routingKey == "billing")
        #expect(copy.properties.headers.int("purser-attempt") == 0)
        #expect(copy.properties.headers.string("purser-key") == "billing.grant")
        #expect(copy.properties.headers["purser-user"] == nil && copy.properties.headers["purser-index"] == nil)
        #expect(copy.properties.headers.string("purser-reason") == "unreadable")
        #expect(copy.properties.headers.string("purser-error") == "no id")
        #expect(copy.properties.headers.string("purser-queue") == "purser.billing")
    }

    @Test func anAttemptThatIsNoSmallNumberIsHarmless() {
        #expect(delivery(exchange: "", ["purser-attempt": -4]).attempts == 0)
        #expect(delivery(exchange: "", ["purser-attempt": "many"]).attempts == 0)
        #expect(delivery(exchange: "", ["purser-attempt": .int(.max)]).attempts == Int.max)
    }

    @Test func anElementOfABatchBecomesAMessageOfItsOwn() {
        let fragment = DeadFragment(message: 0, index: 17, body: [7], reason: "unreadable", detail: "no type")
        let copy = Rerouting.bury(fragment, of: delivery(), consumer: "usage", queue: "purser.usage.1", now: 0)
        #expect(copy.properties.headers.int("purser-index") == 17)
        #expect(copy.properties.contentType == "application/cloudevents+json")
        #expect(copy.properties.messageID == nil && copy.properties.replyTo == nil)
        #expect(copy.body == [7])
    }

    @Test func longDetailsAreCutBetweenLetters() {
        let detail = String(repeating: "ü", count: 5000)
        let copy = Rerouting.bury(delivery(), reason: "r", detail: "x" + detail, consumer: "c", queue: "q", now: 0)
        let text = copy.properties.headers.string("purser-error") ?? ""
        #expect(text.utf8.count <= 1000 && text.utf8.count > 990)
        #expect(!text.unicodeScalars.contains("\u{FFFD}"))
    }
}
