import Messages
import PurserTesting
import Testing

@testable import Billing

/// Charges of which nobody knows how they ended: asked for before anything else, and never made twice (`payments.md`, Charging, 3).
@Suite("Unknown outcomes")
struct UnknownOutcomeTests {
    private static let hour: Int64 = 3_600
    private static let day: Int64 = 86_400

    @Test("The first question, ten seconds later, resolves what the gateway remembers", arguments: ["drop", "drop_before", "conflict"])
    func resolved(_ fault: String) throws {
        try Shop.with("unknown") { shop in
            try shop.card()
            try shop.fault(fault)
            let reply = try shop.buy()
            let reference = try #require(reply.result?["purchase_reference_id"]?.text)
            #expect(reply.result?["status"]?.text == "processing" && reply.result?["phase"]?.text == "unknown")
            #expect(reply.result?["next_attempt_at"]?.text == shop.world.clock.text(10))
            #expect(try shop.world.value("SELECT routing_key FROM outbox WHERE exchange = 'purser.retry'") == "billing.10s")
            // Too early: nothing is asked, but the reminder is sent on.
            shop.world.clock.advance(seconds: 9)
            try shop.remind(reference)
            #expect(try shop.row(reference, "phase, asks, attempts") == "unknown 0 1")
            #expect(try shop.world.value("SELECT count(*) FROM outbox WHERE exchange = 'purser.retry'") == "2")
            #expect(try shop.pass(1) == 1)
            #expect(try shop.row(reference, "status, attempts") == "completed 1")
            #expect(try shop.charged() == [reference])
            // Once more is a no-op.
            try shop.remind(reference)
            #expect(try shop.charged() == [reference])
        }
    }

    @Test(
        "A gateway that only repeats its error is searched, for a success at once, for anything else after 20 hours",
        arguments: [("error_500_after", true), ("error_500", false)])
    func searched(_ fault: String, _ isCharged: Bool) throws {
        try Shop.with("searched") { shop in
            try shop.card()
            try shop.fault(fault)
            let reference = try shop.bought()
            if isCharged {
                // A success is found at the first question: the search beside the key tells it.
                #expect(try shop.pass(10) == 1)
                #expect(try shop.row(reference, "status, attempts") == "completed 1")
                return #expect(try shop.charged() == [reference])
            }
            for wait in [10, 60, 600, Self.hour, 6 * Self.hour] {
                #expect(try shop.due(reference) == Double(wait))
                #expect(try shop.pass(wait) == 1)
                #expect(try shop.row(reference, "phase") == "unknown")
            }
            #expect(try shop.pass(Self.day) == 1)
            #expect(try shop.row(reference, "status, attempts") == "failed 1")
            #expect(try shop.newest("purchase.failed")?["reason"]?.text == "not_charged")
            #expect(try shop.charged().isEmpty)
        }
    }

    @Test("What the ladder does not resolve is parked, and operators are told", arguments: ["error_500", "drop_before", "conflict"])
    func ladder(_ fault: String) throws {
        try Shop.with("ladder") { shop in
            try shop.card()
            try shop.fault(fault, "/v1/payment_intents*", count: 0)
            let reference = try shop.bought()
            let waits = [10, 60, 600, Self.hour, 6 * Self.hour] + Array(repeating: Self.day, count: 5)
            for (asks, wait) in waits.enumerated() {
                #expect(try shop.row(reference, "phase, asks") == "unknown \(asks)")
                #expect(try shop.due(reference) == Double(wait))
                #expect(try shop.pass(wait) == 1)
            }
            #expect(try shop.row(reference, "status, phase, asks") == "processing parked 10")
            #expect(try shop.alerts() == ["outcome_unknown"])
            #expect(try shop.pass(30 * Self.day) == 0)
            try shop.remind(reference)
            #expect(try shop.row(reference, "phase, asks, attempts") == "parked 10 1")
            #expect(try shop.charged().isEmpty)
        }
    }

    @Test("It blocks other purchases for an hour, and is not charged once another one took its place", arguments: ["drop", "drop_before"])
    func another(_ fault: String) throws {
        try Shop.with("another") { shop in
            try shop.card()
            try shop.fault(fault)
            let first = try shop.bought()
            let blocked = try shop.buy(#""package_id":"starter""#, #""replace":true"#)
            #expect(blocked.refusal == "purchase_in_progress -" && blocked.error?["purchase_reference_id"]?.text == first)
            shop.world.clock.advance(seconds: Self.hour - 1)
            #expect(try shop.buy().refusal == "purchase_in_progress -")
            shop.world.clock.advance(seconds: 1)
            let second = try shop.bought(#""package_id":"starter""#)
            #expect(try shop.row(second, "status") == "completed")
            try shop.tick()
            if fault == "drop" {
                #expect(try shop.row(first, "status, failure_reason") == "failed superseded")
                try shop.tick()
                #expect(try shop.givenBack() == ["superseded succeeded"])
                #expect(Set(try shop.charged()) == [first, second])
            } else {
                // Asking with the same key would be the charge, only to give it back.
                #expect(try shop.row(first, "status, phase") == "processing unknown")
                #expect(try shop.charged() == [second])
                for _ in 0..<3 { try shop.pass(Self.day) }
                #expect(try shop.row(first, "status, failure_reason") == "failed not_charged")
                #expect(try shop.charged() == [second])
            }
            #expect(try shop.world.value("SELECT current_balance FROM organization_token_wallets") == "100")
        }
    }

    @Test("A decline whose answer was lost fails with its reason")
    func lostDecline() throws {
        try Shop.with("lostdecline") { shop in
            let card = try shop.card("pm_sim_decline_lost_card")
            try shop.fault("drop")
            let reference = try shop.bought()
            #expect(try shop.row(reference, "phase") == "unknown")
            try shop.pass(10)
            #expect(try shop.row(reference, "status, failure_reason") == "failed lost_card")
            #expect(try shop.world.value("SELECT is_usable FROM payment_methods WHERE id = '\(card)'") == "false")
        }
    }

    @Test("A gateway that asks to slow down is called again with the same attempt")
    func slowDown() throws {
        try Shop.with("slowdown") { shop in
            try shop.card()
            try shop.fault("rate_limit", count: 2)
            let reference = try shop.bought()
            #expect(try shop.row(reference, "phase, attempts, slow_downs") == "retry_waiting 1 1")
            let wait = try #require(try shop.due(reference))
            #expect((10...15).contains(wait))
            #expect(try shop.pass(9) == 0)
            #expect(try shop.pass(6) == 1)
            #expect(try shop.row(reference, "phase, attempts, slow_downs") == "retry_waiting 1 2")
            #expect(try shop.pass(90) == 1)
            #expect(try shop.row(reference, "status, attempts") == "completed 1")
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("No charge starts while the system is switched off, and a waiting one starts afterwards")
    func switchedOff() throws {
        try Shop.with("switchedoff") { shop in
            try shop.card()
            try shop.fault("rate_limit")
            let reference = try shop.bought()
            try shop.switchSystem(on: false)
            try shop.pass(15)
            #expect(try shop.row(reference, "phase, attempts") == "retry_waiting 1")
            try shop.switchSystem(on: true)
            try shop.pass(60)
            #expect(try shop.row(reference, "status") == "completed")
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("While the system is switched off it is searched for, because asking with the same key might charge")
    func askedWhileOff() throws {
        try Shop.with("askedwhileoff") { shop in
            try shop.card()
            try shop.fault("drop_before")
            let reference = try shop.bought()
            try shop.switchSystem(on: false)
            try shop.pass(10)
            #expect(try shop.row(reference, "phase, asks") == "unknown 1")
            #expect(try shop.simulator.charges().isEmpty)
            try shop.switchSystem(on: true)
            try shop.pass(60)
            #expect(try shop.row(reference, "status, attempts") == "completed 1")
        }
    }

    @Test("A card that was removed meanwhile is not charged any more, but what it paid counts", arguments: ["drop", "drop_before"])
    func removedMeanwhile(_ fault: String) throws {
        try Shop.with("removedmeanwhile") { shop in
            let card = try shop.card()
            try shop.fault(fault)
            let reference = try shop.bought()
            try shop.ask("billing.payment_method_remove", #"{"payment_method_id":"\#(card)"}"#)
            for wait in [10, 60, 600, Self.hour, 6 * Self.hour, Self.day] { try shop.pass(wait) }
            #expect(try shop.row(reference, "status") == (fault == "drop" ? "completed" : "failed"))
            #expect(try shop.charged() == (fault == "drop" ? [reference] : []))
        }
    }

    @Test("A card that was removed before it could be tried ends the purchase")
    func removedBefore() throws {
        try Shop.with("removedbefore") { shop in
            let card = try shop.card()
            try shop.fault("rate_limit")
            let reference = try shop.bought()
            try shop.ask("billing.payment_method_remove", #"{"payment_method_id":"\#(card)"}"#)
            try shop.pass(15)
            #expect(try shop.row(reference, "status") == "cancelled")
            #expect(try shop.simulator.charges().isEmpty)
        }
    }

    @Test("A wallet that is suspended meanwhile gets what was paid, and no charge starts for it")
    func suspendedMeanwhile() throws {
        try Shop.with("suspendedmeanwhile") { shop in
            try shop.card()
            try shop.fault("drop")
            let paid = try shop.bought()
            try shop.ask("billing.wallet_suspend", #"{"reason":"unpaid"}"#)
            try shop.pass(10)
            #expect(try shop.row(paid, "status") == "completed")
            try shop.ask("billing.wallet_reactivate", #"{"reason":"paid"}"#)
            try shop.fault("rate_limit")
            let waiting = try shop.bought()
            try shop.ask("billing.wallet_suspend", #"{"reason":"unpaid"}"#)
            try shop.pass(15)
            #expect(try shop.row(waiting, "phase") == "retry_waiting")
            try shop.ask("billing.wallet_reactivate", #"{"reason":"paid"}"#)
            try shop.pass(60)
            #expect(try shop.row(waiting, "status") == "completed")
        }
    }

    @Test("A refused execution while nobody knows does not change how it is asked for")
    func otherMethodMeanwhile() throws {
        try Shop.with("meanwhile") { shop in
            let card = try shop.card()
            let other = try shop.card("pm_card_mastercard")
            try shop.fault("drop_before")
            // Another request may ask at once, and then it is answered.
            let reference = try shop.bought(#""package_id":"business""#, #""payment_method_id":"\#(card)""#)
            try shop.execute(reference, method: other)
            #expect(try shop.row(reference, "payment_method_id, attempts") == "\(card) 1")
            try shop.pass(10)
            #expect(try shop.row(reference, "status, attempts") == "completed 1")
            #expect(try shop.charged() == [reference])
        }
    }
}
