import Messages
import PurserTesting
import Runtime
import Testing

/// What reaches the queue of billing beside requests that it knows.
@Suite struct IntakeTests {
    @Test func whatBillingCannotHandleYetGoesToTheDeadLetters() throws {
        try BillingWorld.with("unknowntype") { world in
            for type in [
                "billing.plan_set", "billing.subscribe", "billing.topup_purchase", "billing.nonsense", "meter.check", "usage.recorded", "x",
            ] {
                let reply = try world.ask(type)
                #expect(reply.deadReason == "unknown_type" && reply.refusal.hasPrefix("unknown_type"), "\(type)")
            }
            #expect(try world.ask(world.delivery("billing.plan_set", "{}", asked: false)).deadReason == "unknown_type")
        }
    }

    @Test func itsTicksAreDoneAsSoonAsTheyAreRead() throws {
        try BillingWorld.with("ticks") { world in
            let before = try world.snapshot()
            for job in ["subscription-billing", "due-work"] {
                let slot = "2026-11-20T10:00:00Z"
                let body = """
                    {"specversion":"1.0","id":"\(job)/\(slot)","source":"/purser/scheduler","type":"tick.\(job)","time":"\(slot)",
                    "data":{"job":"\(job)","slot":"\(slot)"}}
                    """
                let reply = try world.ask(world.delivery(body, key: "tick.\(job)", asked: false, exchange: "purser.ticks"))
                #expect(reply.outcome == .done)
                let other = try world.ask(world.delivery(body, key: "tick.low-balance", asked: false, exchange: "purser.ticks"))
                #expect(other.deadReason == "type_mismatch")
            }
            let foreign = try world.ask(world.delivery("tick.low-balance", "{}", asked: false))
            #expect(foreign.deadReason == "unknown_type")
            #expect(try world.snapshot() == before)
        }
    }

    @Test func theTypeIsTheRoutingKey() throws {
        try BillingWorld.with("mismatch") { world in
            let body = #"{"specversion":"1.0","id":"1","source":"/crm","type":"billing.grant","subject":"org-1","data":{"tokens":5}}"#
            let reply = try world.ask(world.delivery(body, key: "billing.wallet_open"))
            #expect(reply.deadReason == "type_mismatch")
            #expect(try world.value("SELECT count(*) FROM organization_token_wallets") == "0")
        }
    }

    @Test(arguments: [
        "", "nonsense", "[]", "{", #"{"specversion":"0.3"}"#, "null", "\u{0}",
        #"{"specversion":"1.0","id":"","source":"/a","type":"billing.grant"}"#,
    ])
    func whatCannotBeReadGoesToTheDeadLettersAndTheRestIsDone(_ body: String) throws {
        try BillingWorld.with("unreadable") { world in
            let result = try world.handle([
                world.delivery(body, key: "billing.grant", asked: false), world.delivery("billing.grant", #"{"tokens":5}"#),
            ])
            #expect(try Reply(result.outcomes[0]).deadReason != nil)
            #expect(try Reply(result.outcomes[1]).isOK)
        }
    }

    @Test func theElementsOfABatchAreIndependent() throws {
        try BillingWorld.with("batch") { world in
            func element(_ id: String, _ type: String, _ data: String) -> String {
                #"{"specversion":"1.0","id":"\#(id)","source":"/crm","type":"\#(type)","subject":"org-1","data":\#(data)}"#
            }
            let elements = [
                element("a", "billing.grant", #"{"tokens":5}"#), element("b", "billing.grant", #"{"tokens":0}"#), "7",
                element("a", "billing.grant", #"{"tokens":5}"#), element("c", "billing.adjust", #"{"tokens":-9,"reason":"x"}"#),
                element("d", "billing.grant", #"{"tokens":1}"#),
            ]
            let delivery = world.delivery(
                "[\(elements.joined(separator: ","))]", key: "billing.grant", contentType: "application/cloudevents-batch+json")
            let result = try world.handle([delivery])
            let answers = try #require(try Reply(result.outcomes[0]).json?.elements)
            #expect(answers.map { $0["ok"]?.bool } == [true, false, false, true, false, true])
            #expect(answers.map { $0["error"]?["code"]?.text }[1] == "invalid_field")
            #expect(answers[0]["result"]?.number("balance") == 5 && answers[5]["result"]?.number("balance") == 6)
            // The unreadable element, and the one whose type is not the routing key.
            #expect(result.fragments.map(\.index) == [2, 4])
            #expect(result.fragments[1].reason == "type_mismatch")
        }
    }

    @Test func underTimeTravelTheMomentIsThatOfTheMessage() throws {
        try BillingWorld.with("travel", [.timeTravel: "true", .tokenMonthlyAllowance: "10"]) { world in
            try world.ask(world.delivery("billing.wallet_open", "{}", time: "2020-02-29T12:00:00Z"))
            #expect(try world.value("SELECT (created_at AT TIME ZONE 'UTC')::date FROM organization_token_wallets") == "2020-02-29")
            #expect(try world.value("SELECT (expires_at AT TIME ZONE 'UTC')::date FROM token_lots") == "2020-03-01")
            #expect(try world.events().map { $0.event["time"]?.text } == ["2020-02-29T12:00:00.000000Z", "2020-02-29T12:00:00.000000Z"])
            #expect(try world.value("SELECT (created_at AT TIME ZONE 'UTC')::date FROM token_audit_logs") == "2020-02-29")
        }
    }
}
