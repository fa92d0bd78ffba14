import HTTP
import Domain
import Messages
import PurserTesting
import Testing

@testable import Billing

/// Charges that are not what was asked for, or that nobody wants any more (`domain.md` 7.5, 7.8).
@Suite("Charges that nobody wants")
struct UnwantedTests {
    private func checkout(_ gateway: String) -> String {
        #""checkout":{"success_url":"https://shop.example/ok","cancel_url":"https://shop.example/no","gateway":"\#(gateway)"}"#
    }

    @Test(
        "Another amount or currency parks the purchase, alerts once, and credits nothing; the right charge completes it",
        arguments: ["amount=100&currency=usd", "amount=26100&currency=eur"])
    func mismatch(terms: String) throws {
        try Shop.with("mismatch") { shop in
            let reply = try shop.buy(#""package_id":"business""#, checkout("stripe"))
            let reference = try #require(reply.result?["purchase_reference_id"]?.text, "\(reply.text ?? "")")
            let wrong = try shop.stripe(
                .post, "/v1/payment_intents",
                "\(terms)&payment_method=pm_card_visa&confirm=true&metadata[purchase_reference_id]=\(reference)")
            let body = try shop.told("payment_intent.succeeded")
            #expect(try shop.hear(body).result?["outcome"]?.text == "done")
            let twin = try shop.told("payment_intent.succeeded")
            try shop.hear(twin)
            #expect(try shop.row(reference, "status, phase, failure_reason") == "processing parked payment_mismatch")
            #expect(try shop.alerts() == ["payment_mismatch"] && shop.balance() == "0")
            // An operator gives it back by hand; the customer pays.
            try shop.stripe(.post, "/v1/refunds", "payment_intent=\(try #require(wrong["id"]?.text))")
            try shop.simulator.press("pay", at: try #require(reply.result?["url"]?.text))
            #expect(try shop.hear("checkout.session.completed").result?["outcome"]?.text == "done")
            #expect(try shop.row(reference, "status, failure_reason") == "completed" && shop.balance() == "500")
            try shop.expectSoundMoney()
        }
    }

    @Test("A charge with another reference than the page's purchase is no payment of it")
    func otherReference() throws {
        try Shop.with("otherreference") { shop in
            try shop.card()
            let paid = try shop.purchased(#""package_id":"starter""#)
            let charge = try #require(try shop.row(paid, "gateway_transaction_id"))
            let reply = try shop.buy(#""package_id":"starter""#, checkout("stripe"))
            let reference = try #require(reply.result?["purchase_reference_id"]?.text)
            let object = #"{"id":"\#(charge)","metadata":{"purchase_reference_id":"\#(reference)"}}"#
            try shop.hear(shop.event("payment_intent.succeeded", object, id: "9"))
            #expect(try shop.row(reference, "status, phase") == "processing parked" && shop.balance() == "100")
            #expect(try shop.alerts() == ["payment_mismatch"])
        }
    }

    @Test("A success for a cancelled purchase is given back by itself, reported, and has no documents")
    func cancelled() throws {
        try Shop.with("paidcancelled") { shop in
            try shop.ask("billing.wallet_open", #"{"email":"ann@example.com"}"#)
            let item = try shop.package("naira", tokens: 500, price: "45000", "NGN")
            let reply = try shop.buy(item, checkout("paystack"))
            let reference = try #require(reply.result?["purchase_reference_id"]?.text, "\(reply.text ?? "")")
            let cancel = try shop.ask("billing.purchase_cancel", #"{"purchase_reference_id":"\#(reference)"}"#)
            #expect(cancel.result?["status"]?.text == "cancelled", "\(cancel.text ?? "")")
            // Paystack's page cannot be closed.
            try shop.simulator.settleWithoutDelay()
            try shop.simulator.press("pay", at: try #require(reply.result?["url"]?.text))
            let body = try shop.told("charge.success", by: .paystack)
            let replies = try shop.together((0..<8).map { _ in shop.webhook(body, .paystack) })
            #expect(replies.allSatisfy { $0.result?["outcome"]?.text == "done" })
            #expect(try shop.row(reference, "status") == "cancelled" && shop.alerts() == ["charge_given_back"])
            #expect(try shop.refunds("status, automatic_reason, tokens, total_amount::numeric(19,2)") == ["requested cancelled 0 52200.00"])
            #expect(try shop.world.events().contains { $0.type == "billing.due_work" })
            for _ in 0..<2 { try shop.remindOfRefund(after: 0) }
            #expect(try shop.refunds("status") == ["sent"])
            shop.simulator.settle()
            for type in ["refund.pending", "refund.processing", "refund.processed", "refund.processed"] {
                #expect(try shop.hear(type, .paystack).result?["outcome"]?.text == "done", "\(type)")
            }
            #expect(try shop.refunds("status") == ["succeeded"] && shop.simulator.charges()[0]["refunded"]?.whole == 5_220_000)
            #expect(try shop.newest("purchase.refunded")?["automatic_reason"]?.text == "cancelled")
            #expect(try shop.world.value("SELECT (SELECT count(*) FROM invoices) + (SELECT count(*) FROM credit_notes)") == "0")
            #expect(try shop.balance() == "0")
        }
    }

    @Test("A second charge for a completed purchase is given back, with all of Stripe's news of it")
    func paidTwice() throws {
        try Shop.with("paidtwice") { shop in
            try shop.simulator.settleWithoutDelay()
            try shop.card()
            let reference = try shop.purchased()
            try shop.stripe(
                .post, "/v1/payment_intents",
                "amount=26100&currency=usd&payment_method=pm_card_pendingRefund&confirm=true&metadata[purchase_reference_id]=\(reference)")
            for _ in 0..<2 { try shop.hear("payment_intent.succeeded") }
            #expect(try shop.refunds("status, automatic_reason") == ["requested paid_twice"])
            try shop.remindOfRefund(after: 0)
            #expect(try shop.refunds("status") == ["sent"])
            shop.simulator.settle()
            #expect(try shop.hear("refund.updated").result?["outcome"]?.text == "done")
            #expect(try shop.refunds("status") == ["succeeded"] && shop.row(reference, "status, refunded_tokens") == "completed 0")
            #expect(try shop.balance() == "500")
            try shop.expectSoundMoney()
        }
    }

    @Test("Paystack's webhooks: a charge whose answer was lost, and a refund that ends or fails")
    func paystack() throws {
        for (card, status) in [("", "succeeded"), ("sim_refund_fail", "failed")] {
            try Shop.with("paystackhooks") { shop in
                try shop.simulator.settleWithoutDelay()
                try shop.savePaystackCard(card)
                let item = try shop.package("naira", tokens: 500, price: "45000", "NGN")
                try shop.simulator.arm("drop", "/transaction/charge_authorization")
                let reply = try shop.buy(item)
                let reference = try #require(reply.result?["purchase_reference_id"]?.text, "\(reply.text ?? "")")
                #expect(reply.result?["phase"]?.text == "unknown")
                for _ in 0..<3 { #expect(try shop.hear("charge.success", .paystack).result?["outcome"]?.text == "done") }
                #expect(try shop.row(reference, "status") == "completed" && shop.balance() == "500")
                #expect(try shop.refund(reference, 100).result?["status"]?.text == "sent")
                shop.simulator.settle()
                let last = status == "failed" ? "refund.failed" : "refund.processed"
                for type in ["refund.pending", last, "refund.processing", last] { try shop.hear(type, .paystack) }
                #expect(try shop.refunds("status") == [status])
                #expect(try shop.row(reference, "status") == (status == "failed" ? "completed" : "partially_refunded"))
                #expect(try shop.balance() == (status == "failed" ? "500" : "400"))
                try shop.expectSoundMoney()
            }
        }
    }
}
