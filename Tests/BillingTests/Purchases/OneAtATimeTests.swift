import Messages
import PurserTesting
import Testing

@testable import Billing

/// One purchase of a kind at a time, executing and cancelling (`domain.md` 7.4, 7.8).
@Suite("One purchase at a time")
struct OneAtATimeTests {
    @Test("A purchase that waits stands in the way, with its reference, until it is replaced or executed")
    func waiting() throws {
        try Shop.with("waiting") { shop in
            try shop.card()
            let first = try shop.bought(#""package_id":"business""#, #""execute":false"#)
            let refused = try shop.buy()
            #expect(refused.refusal == "purchase_in_progress -" && refused.error?["purchase_reference_id"]?.text == first)
            let second = try shop.buy(#""package_id":"starter""#, #""replace":true,"execute":false"#)
            #expect(second.result?["status"]?.text == "pending")
            #expect(try shop.row(first, "status") == "cancelled")
            #expect(try shop.newest("purchase.failed")?["reason"]?.text == "cancelled")
            let reference = try #require(second.result?["purchase_reference_id"]?.text)
            #expect(try shop.execute(reference).result?["status"]?.text == "completed")
            #expect(try shop.charged() == [reference])
            // Others' purchases are nobody's business.
            try shop.card(organization: "org-2")
            try shop.buy(#""package_id":"business""#, #""execute":false"#)
            #expect(try shop.buy(organization: "org-2").isOK)
        }
    }

    @Test("Executing twice charges once, and what is over cannot be executed")
    func executing() throws {
        try Shop.with("executing") { shop in
            try shop.card()
            let reference = try shop.bought(#""package_id":"business""#, #""execute":false"#)
            let first = try shop.execute(reference, id: "execute")
            #expect(first.result?["status"]?.text == "completed")
            #expect(try shop.execute(reference, id: "execute").text == first.text)
            #expect(try shop.execute(reference).result?["status"]?.text == "completed")
            #expect(try shop.charged() == [reference])
            let other = try shop.bought(#""package_id":"business""#, #""execute":false"#)
            #expect(try shop.cancel(other).result?["status"]?.text == "cancelled")
            let before = try shop.snapshot()
            let second = try shop.card("pm_card_mastercard")
            let after = try shop.snapshot()
            #expect(before != after)
            #expect(try shop.execute(other).refusal == "purchase_settled -")
            // A refused request changes nothing: not the method that it named either.
            #expect(try shop.execute(other, method: second).refusal == "purchase_settled -")
            #expect(try shop.execute(other, method: "pm-none").refusal == "payment_method_unknown payment_method_id")
            #expect(try shop.snapshot() == after)
        }
    }

    @Test("After the bank wanted the customer, another card pays the same purchase")
    func otherCard() throws {
        try Shop.with("othercard") { shop in
            try shop.card("pm_card_authenticationRequired")
            let good = try shop.card()
            let naira = try shop.paystackCard()
            let reference = try shop.bought()
            #expect(try shop.row(reference, "status, phase, failure_reason") == "processing customer_action authentication_required")
            #expect(try shop.execute(reference, method: naira).refusal == "currency_not_supported payment_method_id")
            #expect(try shop.execute(reference, method: good).result?["status"]?.text == "completed")
            #expect(try shop.row(reference, "attempts, payment_method_id") == "2 \(good)")
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("What waits is cancelled at once; what is over is told as it is")
    func cancelling() throws {
        try Shop.with("cancelling") { shop in
            try shop.card()
            let pending = try shop.bought(#""package_id":"business""#, #""execute":false"#)
            #expect(try shop.cancel(pending).result?["status"]?.text == "cancelled")
            let told = try shop.told()
            #expect(try shop.cancel(pending).result?["status"]?.text == "cancelled")
            #expect(try shop.told() == told)
            let paid = try shop.bought()
            let refused = try shop.cancel(paid)
            #expect(refused.refusal == "purchase_settled -" && refused.error?["status"]?.text == "completed")
            try shop.fault("rate_limit")
            let busy = try shop.bought()
            #expect(try shop.row(busy, "phase") == "retry_waiting")
            #expect(try shop.cancel(busy).result?["status"]?.text == "cancelled")
            try shop.pass(60)
            #expect(try shop.charged() == [paid])
        }
    }

    @Test("A purchase that nobody executes lapses after a day")
    func lapsing() throws {
        try Shop.with("lapsing") { shop in
            try shop.card()
            let reference = try shop.bought(#""package_id":"business""#, #""execute":false"#)
            #expect(try shop.pass(86_399) == 0)
            #expect(try shop.row(reference, "status") == "pending")
            #expect(try shop.pass(1) == 1)
            #expect(try shop.row(reference, "status, failure_reason") == "cancelled lapsed")
            #expect(try shop.newest("purchase.failed")?["reason"]?.text == "lapsed")
            #expect(try shop.buy().isOK)
        }
    }
}
