import Runtime
import HTTP
import AMQP
import Domain
import Messages
import PurserTesting
import Testing

@testable import Billing

/// A success that comes by webhooks, before, instead of and after the direct answer: it completes once (`payments.md`, Charging, 5).
@Suite("Webhooks that complete")
struct CompletionTests {
    private static let page = #""checkout":{"success_url":"https://shop.example/ok","cancel_url":"https://shop.example/no"}"#

    private func expectOneCompletion(_ shop: Shop, _ reference: String) throws {
        #expect(try shop.row(reference, "status") == "completed" && shop.balance() == "500")
        #expect(try shop.charged() == [reference])
        #expect(try shop.world.value("SELECT count(*) FROM invoices") == "1")
        #expect(try shop.world.events().count { $0.type == "purchase.completed" } == 1)
        #expect(try shop.world.column("SELECT outcome FROM payment_attempts") == ["succeeded"])
        try shop.expectSoundMoney()
    }

    /// Ten copies on four threads, which are all done, and one event.
    private func expectTenCopies(_ shop: Shop) throws {
        let body = try shop.told("payment_intent.succeeded")
        let replies = try shop.together((0..<10).map { _ in shop.webhook(body) })
        #expect(replies.count == 10 && replies.allSatisfy { $0.result?["outcome"]?.text == "done" }, "\(replies.map { $0.text ?? "" })")
        #expect(
            try shop.world.column(
                "SELECT concat_ws(' ', deliveries, outcome, detail, purchase_reference_id IS NOT NULL) FROM gateway_events")
                == ["10 done paid t"])
    }

    @Test("Ten webhooks before the answer is stored")
    func before() throws {
        try Shop.with("webhooksbefore") { shop in
            try shop.card()
            try shop.withoutMemory("token_purchases", when: "NEW.status = 'completed'") { try shop.buy(id: "buy") }
            let reference = try #require(try shop.world.value("SELECT purchase_reference_id FROM token_purchases"))
            #expect(try shop.row(reference, "status, phase") == "processing charging")
            try expectTenCopies(shop)
            try expectOneCompletion(shop, reference)
            // The message is delivered again, and finds its purchase.
            let again = try shop.ask("billing.purchase", #"{"package_id":"business","idempotency_key":"key-1"}"#, id: "buy")
            #expect(again.result?["status"]?.text == "completed" && again.result?["purchase_reference_id"]?.text == reference)
            try expectOneCompletion(shop, reference)
        }
    }

    @Test("Ten webhooks while the outcome is unknown", arguments: ["error_500_after", "drop"])
    func during(fault: String) throws {
        try Shop.with("webhooksduring") { shop in
            try shop.card()
            try shop.simulator.arm(fault, "/v1/payment_intents")
            let reply = try shop.buy()
            let reference = try #require(reply.result?["purchase_reference_id"]?.text, "\(reply.text ?? "")")
            #expect(reply.result?["phase"]?.text == "unknown")
            try expectTenCopies(shop)
            try expectOneCompletion(shop, reference)
            shop.world.clock.advance(seconds: 60)
            try shop.remind(reference)
            try expectOneCompletion(shop, reference)
        }
    }

    @Test("Ten webhooks after the answer")
    func after() throws {
        try Shop.with("webhooksafter") { shop in
            try shop.card()
            let reference = try shop.purchased()
            try expectTenCopies(shop)
            try expectOneCompletion(shop, reference)
        }
    }

    @Test(
        "A hosted page that was paid: either of its events completes, and both in any order complete once",
        arguments: [
            ["payment_intent.succeeded"], ["checkout.session.completed"], ["payment_intent.succeeded", "checkout.session.completed"],
            ["checkout.session.completed", "payment_intent.succeeded"],
        ])
    func page(types: [String]) throws {
        try Shop.with("pagewebhook") { shop in
            let reply = try shop.buy(#""package_id":"business""#, Self.page)
            let reference = try #require(reply.result?["purchase_reference_id"]?.text, "\(reply.text ?? "")")
            let url = try #require(reply.result?["url"]?.text)
            #expect(reply.result?["phase"]?.text == "customer_action" && reply.result?["session_id"]?.text?.hasPrefix("cs_") == true)
            try shop.simulator.press("pay", at: url)
            for type in types { #expect(try shop.hear(type).result?["outcome"]?.text == "done") }
            try expectOneCompletion(shop, reference)
            #expect(try shop.row(reference, "gateway_transaction_id LIKE 'pi_%'") == "t")
        }
    }

    @Test("A paid page whose gateway cannot be asked comes again later, and completes then")
    func later() throws {
        try Shop.with("pagelater") { shop in
            let reply = try shop.buy(#""package_id":"business""#, Self.page)
            let reference = try #require(reply.result?["purchase_reference_id"]?.text)
            try shop.simulator.press("pay", at: try #require(reply.result?["url"]?.text))
            try shop.simulator.control("faults", #"{"kind":"error_500","path":"/v1/payment_intents/*","count":1}"#)
            let webhook = shop.webhook(try shop.told("payment_intent.succeeded"))
            #expect(try shop.world.ask(webhook).outcome == .retryLater(reason: "gateway_unavailable", atLeast: .tenSeconds))
            #expect(try shop.row(reference, "status") == "processing")
            #expect(try shop.world.ask(webhook).result?["outcome"]?.text == "done")
            try expectOneCompletion(shop, reference)
        }
    }

    @Test("A page that expired ends its purchase, and its event does nothing to another page")
    func expired() throws {
        try Shop.with("pageexpired") { shop in
            let reply = try shop.buy(#""package_id":"business""#, Self.page)
            let reference = try #require(reply.result?["purchase_reference_id"]?.text)
            let session = try #require(reply.result?["session_id"]?.text)
            let other = #"{"id":"cs_other","mode":"payment","client_reference_id":"\#(reference)"}"#
            #expect(try shop.hear(shop.event("checkout.session.expired", other, id: "1")).result?["outcome"]?.text == "unmatched")
            #expect(try shop.row(reference, "status, phase") == "processing customer_action")
            try shop.stripe(.post, "/v1/checkout/sessions/\(session)/expire")
            for _ in 0..<2 { #expect(try shop.hear("checkout.session.expired").result?["outcome"]?.text == "done") }
            #expect(try shop.row(reference, "status, failure_reason") == "cancelled lapsed")
            #expect(try shop.newest("purchase.failed")?["reason"]?.text == "lapsed")
            #expect(try shop.charged().isEmpty)
            // Nothing stands in the way of the next one.
            #expect(try shop.buy(#""package_id":"business""#, Self.page).isOK)
        }
    }

    @Test("A decline that a webhook tells leaves a purchase with another answer alone")
    func declined() throws {
        try Shop.with("declinewebhook") { shop in
            let reply = try shop.buy(#""package_id":"business""#, Self.page)
            let reference = try #require(reply.result?["purchase_reference_id"]?.text)
            let url = try #require(reply.result?["url"]?.text)
            try shop.simulator.press("decline", at: url)
            #expect(try shop.hear("payment_intent.payment_failed").result?["outcome"]?.text == "done")
            #expect(try shop.row(reference, "status, phase") == "processing customer_action")
            try shop.simulator.press("pay", at: url)
            try shop.hear("payment_intent.succeeded")
            #expect(try shop.row(reference, "status") == "completed")
        }
    }
}
