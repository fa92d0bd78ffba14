import Domain
import Messages
import Postgres
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// Declines of Stripe, through the wire (`payments.md`, Charging, 3).
@Suite("Declined by Stripe")
struct DeclinedTests {
    /// What the simulator's advice makes of codes whose table says something else: advice is about this very charge.
    private static let advised: [String: DeclineClass] = ["incorrect_number": .needsCustomer, "invalid_number": .needsCustomer]

    private static let codes: [(code: String, kind: DeclineClass)] =
        [(StripeDeclines.soft, DeclineClass.soft), (StripeDeclines.hard, .hard), (StripeDeclines.needsCustomer, .needsCustomer)]
        .flatMap { rows, kind in rows.map { ($0.code, advised[$0.code] ?? kind) } }

    @Test("Every decline code ends in its class, and another card pays at once")
    func everyCode() throws {
        #expect(Self.codes.count == 50)
        try Shop.with("declines") { shop in
            for (code, kind) in Self.codes {
                let bad = try shop.card("pm_sim_decline_\(code)", organization: code)
                let reply = try shop.buy(organization: code)
                switch kind {
                case .soft, .hard:
                    #expect(reply.refusal == "payment_declined -" && reply.error?["reason"]?.text == code, "\(code): \(reply.text ?? "")")
                case .needsCustomer:
                    #expect(reply.result?["phase"]?.text == "customer_action" && reply.result?["failure_reason"]?.text == code, "\(code)")
                }
                let usable = try shop.world.value("SELECT is_usable FROM payment_methods WHERE id = '\(bad)'")
                #expect(usable == (kind == .hard ? "false" : "true"), "\(code)")
                let outcome = try shop.world.value(
                    """
                    SELECT a.outcome || ' ' || a.code FROM payment_attempts a JOIN token_purchases p ON p.id = a.purchase_id
                    WHERE p.organization_id = '\(code)'
                    """)
                #expect(outcome == "\(kind == .needsCustomer ? "needs_customer" : "\(kind)_decline") \(code)", "\(code)")
                let good = try shop.card(organization: code)
                let again = try shop.buy(
                    #""package_id":"starter""#, #""payment_method_id":"\#(good)","replace":true"#, organization: code)
                #expect(again.result?["status"]?.text == "completed", "\(code): \(again.text ?? "")")
            }
            #expect(try shop.charged().count == Self.codes.count)
        }
    }

    @Test("A soft decline fails the purchase at once and leaves the card as it is")
    func soft() throws {
        try Shop.with("soft") { shop in
            let card = try shop.card("pm_sim_decline_insufficient_funds")
            let reference = try shop.bought()
            #expect(try shop.row(reference, "status, failure_reason, attempts") == "failed insufficient_funds 1")
            #expect(try shop.newest("purchase.failed")?["reason"]?.text == "insufficient_funds")
            #expect(try shop.due(reference) == nil)
            #expect(try shop.pass(30 * 86_400) == 0)
            // The same card once more is another purchase's matter.
            #expect(try shop.buy().refusal == "payment_declined -")
            #expect(try shop.world.value("SELECT is_usable FROM payment_methods WHERE id = '\(card)'") == "true")
            #expect(try shop.alerts().isEmpty)
        }
    }

    @Test("A hard decline marks the card, and nobody tries it again")
    func hard() throws {
        try Shop.with("hard") { shop in
            let card = try shop.card("pm_sim_decline_stolen_card")
            let reference = try shop.bought()
            #expect(try shop.row(reference, "status, failure_reason") == "failed stolen_card")
            #expect(try shop.told().suffix(3) == ["purchase.initialized", "payment_method.unusable", "purchase.failed"])
            #expect(try shop.newest("payment_method.unusable")?["reason"]?.text == "stolen_card")
            #expect(try shop.buy().refusal == "payment_method_unusable payment_method_id")
            #expect(
                try shop.buy(#""tokens":100"#, #""payment_method_id":"\#(card)""#).refusal == "payment_method_unusable payment_method_id")
            #expect(try shop.simulator.charges().count == 1)
            #expect(try shop.buy(#""tokens":100"#, #""payment_method_id":"\#(try shop.card())""#).isOK)
        }
    }

    @Test("Advice beats the table")
    func advice() throws {
        try Shop.with("advice") { shop in
            let card = try shop.card("pm_sim_decline_insufficient_funds__do_not_try_again")
            #expect(try shop.buy().error?["reason"]?.text == "insufficient_funds")
            #expect(try shop.world.value("SELECT unusable_reason FROM payment_methods WHERE id = '\(card)'") == "insufficient_funds")
        }
    }

    @Test("A code that nobody knows counts as soft")
    func unknownCode() throws {
        try Shop.with("unknowncode") { shop in
            let card = try shop.card("pm_sim_decline_moon_phase")
            let reference = try shop.bought()
            #expect(try shop.row(reference, "status, failure_reason, had_unknown_code::text") == "failed moon_phase true")
            #expect(try shop.world.value("SELECT is_usable FROM payment_methods WHERE id = '\(card)'") == "true")
        }
    }

    @Test("What needs the customer waits for him seven days, with a link", arguments: [nil, "https://purser.example"])
    func customer(_ console: String?) throws {
        try Shop.with("customer", console.map { [.url: $0] } ?? [:]) { shop in
            try shop.card("pm_card_authenticationRequired")
            let reply = try shop.buy()
            let reference = try #require(reply.result?["purchase_reference_id"]?.text)
            let link = console.map { "\($0)/tokens/purchases/\(reference)" }
            #expect(reply.result?["phase"]?.text == "customer_action" && reply.result?["url"]?.text == link)
            let event = try #require(try shop.newest("purchase.action_required"))
            #expect(event["reason"]?.text == "authentication_required" && event["url"]?.text == link)
            #expect(event["until"]?.text == shop.world.clock.text(7 * 86_400))
            let blocked = try shop.buy()
            #expect(blocked.refusal == "purchase_in_progress -" && blocked.error?["purchase_reference_id"]?.text == reference)
            // Too early: nothing happens.
            shop.world.clock.advance(seconds: 7 * 86_400 - 1)
            try shop.remind(reference)
            #expect(try shop.row(reference, "status") == "processing")
            #expect(try shop.pass(1) == 1)
            #expect(try shop.row(reference, "status, failure_reason") == "failed authentication_required")
            #expect(try shop.charged().isEmpty)
        }
    }

    @Test("A card that was declined ten times in thirty days is not tried an eleventh time")
    func cardAttempts() throws {
        try Shop.with("attempts") { shop in
            try shop.card("pm_sim_decline_do_not_honor")
            for _ in 0..<10 {
                #expect(try shop.buy().refusal == "payment_declined -")
                shop.world.clock.advance(days: 2)
            }
            let refused = try shop.buy()
            #expect(refused.refusal == "card_attempts_used_up -" && refused.error?["status"]?.text == "cancelled")
            #expect(try shop.simulator.charges().count == 10)
            // The first one is a month old by now.
            shop.world.clock.advance(days: 11)
            #expect(try shop.buy().refusal == "payment_declined -")
        }
    }

    @Test("What the gateway refuses is our fault: the purchase fails and operators are told")
    func refused() throws {
        try Shop.with("refused") { shop in
            let card = try shop.card()
            try shop.world.owner.run("UPDATE payment_methods SET reference = 'pm_gone', customer_reference = NULL WHERE id = '\(card)'")
            let reply = try shop.ask("billing.purchase", #"{"package_id":"business","idempotency_key":"refused"}"#)
            #expect(reply.refusal == "gateway_refused -" && reply.error?["reason"]?.text == "resource_missing")
            #expect(reply.error?["status"]?.text == "failed")
            #expect(try shop.alerts() == ["gateway_refused"])
            // The same state again, in the same words.
            let again = try shop.ask("billing.purchase", #"{"package_id":"business","idempotency_key":"refused"}"#)
            #expect(again.refusal == "gateway_refused -")
            #expect(try shop.charged().isEmpty)
        }
    }
}
