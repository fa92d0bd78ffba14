import AMQP
import Messages
import PurserTesting
import Runtime
import Testing

@testable import Metering

/// Sources that are bound to broker users (`operations.md`, Security); the world binds `/till` to `till`.
@Suite struct SourceTests {
    @Test func usageOfABoundSourceNeedsItsUser() throws {
        try MeterWorld.with("sources") { world in
            try world.open(tokens: 100)
            func use(_ user: String?, headers: Headers = [:], exchange: String = "purser.usage") -> Delivery {
                let body = world.event("usage.recorded", #"{"service":"chat"}"#).replacing("/crm", with: "/till")
                return world.delivery(body, key: "org-1", user: user, headers: headers, exchange: exchange)
            }
            let moved: Headers = [HeaderName.user: .string("till")]
            let result = try world.handle(usage: [
                use("till"), use(nil), use("other"), use(nil, headers: moved, exchange: ""), use(nil, headers: moved),
            ])
            let replies = try result.outcomes.map(Reply.init)
            #expect(replies.map(\.isOK) == [true, false, false, true, false])
            #expect(replies.map(\.deadReason) == [nil, "source_forbidden", "source_forbidden", nil, "source_forbidden"])
            #expect(replies[1].refusal == "source_forbidden")
            #expect(try world.value("SELECT current_balance AS n FROM organization_token_wallets") == "96")
        }
    }

    @Test func anElementOfABatchIsJudgedByItself() throws {
        try MeterWorld.with("sources") { world in
            try world.open(tokens: 100)
            let free = world.event("usage.recorded", #"{"service":"chat"}"#)
            let bound = world.event("usage.recorded", #"{"service":"chat"}"#).replacing("/crm", with: "/till")
            let delivery = world.delivery(
                "[\(bound),\(free)]", key: "org-1", exchange: "purser.usage", contentType: "application/cloudevents-batch+json")
            let result = try world.handle(usage: [delivery])
            #expect(result.fragments.map(\.reason) == ["source_forbidden"] && result.fragments.map(\.body) == [Array(bound.utf8)])
            #expect(try world.value("SELECT current_balance AS n FROM organization_token_wallets") == "98")
        }
    }

    @Test func commandsOfABoundSourceNeedItsUser() throws {
        try MeterWorld.with("sources") { world in
            func set(_ user: String?) throws -> Reply {
                let body = world.event("meter.rate_set", #"{"service":"a","tokens_per_unit":1}"#).replacing("/crm", with: "/till")
                let result = try world.commands.handle([world.delivery(body, key: "meter.rate_set", user: user)], world.lane)
                return try Reply(result.outcomes[0])
            }
            let replies = [try set("other"), try set(nil), try set("till")]
            #expect(replies.map(\.deadReason) == ["source_forbidden", "source_forbidden", nil])
            #expect(replies.map(\.isOK) == [false, false, true] && replies[1].refusal == "source_forbidden")
        }
    }
}
