import HTTP
import Domain
import Messages
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// Refunds that a gateway does not settle at once, and calls of which nobody knows what became (`domain.md` 7.6).
@Suite("Outcomes of refunds")
struct RefundOutcomeTests {
    private static let expiring: [Setting: String] = [.tokenExpirationEnabled: "true", .tokenExpirationDays: "30"]

    @Test("One at a time: while a refund is pending another is refused; it succeeds when it is asked for")
    func pending() throws {
        try Shop.with("refundpending") { shop in
            try shop.card("pm_card_pendingRefund")
            let reference = try shop.purchased()
            let reply = try shop.refund(reference, 100)
            #expect(reply.result?["status"]?.text == "sent" && reply.result?["purchase_status"]?.text == "completed")
            #expect(reply.result?["credit_note_number"] == nil && reply.result?["balance"]?.whole == 400)
            try shop.expectSoundMoney()
            #expect(try shop.refund(reference, 100).refusal == "refund_in_progress -")
            // Too early is a no-op that is sent on.
            try shop.remindOfRefund(after: 1)
            #expect(try shop.refunds("status, calls") == ["sent 1"])
            try shop.simulator.settleWithoutDelay()
            try shop.remindOfRefund()
            #expect(try shop.refunds("status, calls") == ["sent 2"])
            #expect(try shop.stripe(.get, "/v1/refunds")["data"]?.elements?.count == 1)
        }
    }

    @Test("A pending refund ends by its webhook, and a reminder that comes afterwards does nothing")
    func settled() throws {
        try Shop.with("refundsettled") { shop in
            try shop.simulator.settleWithoutDelay()
            try shop.card("pm_card_pendingRefund")
            let reference = try shop.purchased()
            try shop.refund(reference, 100)
            shop.simulator.settle()
            for _ in 0..<3 { #expect(try shop.hear("refund.updated").result?["outcome"]?.text == "done") }
            #expect(try shop.refunds("status, next_attempt_at") == ["succeeded"])
            #expect(try shop.row(reference, "status, refunded_tokens") == "partially_refunded 100")
            try shop.remindOfRefund()
            #expect(try shop.world.column("SELECT number FROM credit_notes") == ["CN-2026-000001"])
            #expect(try shop.refund(reference, 300).result?["status"]?.text == "sent")
            try shop.expectSoundMoney()
        }
    }

    @Test(
        "A refund that fails returns its tokens with the life that they had left, at least 7 days",
        arguments: [(Int64(0), Int64(10), "30"), (28, 1, "7"), (10, 30, "20")])
    func failed(age: Int64, wait: Int64, life: String) throws {
        try Shop.with("refundfailed", Self.expiring) { shop in
            try shop.card("pm_card_pendingRefund")
            // Midnight: the whole of the first day belongs to the lot's life.
            shop.world.clock.advance(seconds: 86_400 - shop.world.clock.now / 1_000_000 % 86_400)
            let reference = try shop.purchased()
            shop.world.clock.advance(days: age)
            #expect(try shop.refund(reference, 200).result?["status"]?.text == "sent")
            let pending = try #require(try shop.stripe(.get, "/v1/refunds")["data"]?.elements?.first?["id"]?.text)
            try shop.stripe(.post, "/v1/refunds/\(pending)/cancel")
            try shop.remindOfRefund(after: wait * 86_400)
            #expect(try shop.refunds("status, tokens, returned_sequence") == ["failed 200 3"])
            #expect(try shop.balance() == "500" && shop.row(reference, "status, refunded_tokens") == "completed 0")
            let returned = "FROM token_lots WHERE lot_id = 2"
            #expect(
                try shop.world.value("SELECT concat_ws(' ', granted, origin, net_amount::numeric(19,2)) \(returned)")
                    == "200 purchase_refund 90.00")
            let days = try #require(
                try shop.world.value("SELECT extract(epoch FROM expires_at - effective_at) / 86400.0 \(returned)").flatMap { Double($0) })
            // The lot had begun some microseconds after midnight, which is why its end is a day later.
            #expect(days > (Double(life) ?? 0) - 0.01 && days < (Double(life) ?? 0) + 1.01, "\(days)")
            try shop.expectSoundMoney()
            // What came back can be given back again.
            #expect(try shop.alerts().isEmpty)
            if age + wait > 30 { #expect(try shop.refund(reference, 201).refusal == "refund_exceeds_unspent -") }
            #expect(try shop.refund(reference, 200).result?["status"]?.text == "sent")
            try shop.expectSoundMoney()
        }
    }

    @Test("A refund that fails after it had succeeded alerts an operator, once, and changes nothing else")
    func failedLate() throws {
        try Shop.with("refundfailedlate") { shop in
            try shop.simulator.settleWithoutDelay()
            try shop.card("pm_card_refundFail")
            let reference = try shop.purchased()
            #expect(try shop.refund(reference, 100).result?["status"]?.text == "succeeded")
            shop.simulator.settle()
            try shop.hear("refund.failed")
            try shop.hear("refund.updated")
            #expect(try shop.alerts() == ["refund_failed_late"])
            #expect(try shop.refunds("status, failed_late_at IS NULL") == ["succeeded f"])
            #expect(try shop.row(reference, "status") == "partially_refunded" && shop.balance() == "400")
            try shop.expectSoundMoney()
        }
    }

    @Test("A gateway that refuses a refund fails it, and operators are told")
    func gatewayRefuses() throws {
        try Shop.with("refundgateway") { shop in
            try shop.card()
            let reference = try shop.purchased()
            // Somebody has given it back on the gateway's own pages.
            let transaction = try #require(try shop.row(reference, "gateway_transaction_id"))
            try shop.stripe(.post, "/v1/refunds", "payment_intent=\(transaction)&amount=20000")
            let reply = try shop.refund(reference)
            #expect(reply.error?["status"]?.text == "failed" && reply.error?["balance"]?.whole == 500)
            #expect(try shop.alerts() == ["refund_refused"] && shop.row(reference, "status") == "completed")
            #expect(try shop.refund(reference, 10).result?["status"]?.text == "succeeded")
            try shop.expectSoundMoney()
        }
    }

    @Test(
        "A refund whose call has an unknown outcome is asked for first and never made twice",
        arguments: ["drop", "error_500_after", "drop_before", "error_500", "conflict", "rate_limit"], Gateway.allCases)
    func unknown(fault: String, gateway: Gateway) throws {
        guard gateway == .stripe || fault != "conflict" else { return }
        try Shop.with("refundunknown") { shop in
            if gateway == .stripe { try shop.card() } else { try shop.savePaystackCard() }
            let reference = try shop.purchased(shop.package("naira", tokens: 500, price: "45000", "NGN"))
            try shop.simulator.arm(fault, gateway == .stripe ? "/v1/refunds" : "/refund")
            let reply = try shop.refund(reference, 100, id: "r")
            #expect(reply.result?["status"]?.text == "sent" && reply.result?["balance"]?.whole == 400, "\(reply.text ?? "")")
            #expect(try shop.refund(reference, 100).refusal == "refund_in_progress -")
            try shop.expectSoundMoney()
            // Paystack takes no key: it is told again only when the first call has surely ended.
            try shop.remindOfRefund(after: gateway == .paystack ? 3600 : 60)
            if gateway == .paystack {
                try shop.hear("refund.pending", .paystack)
            } else {
                // Stripe repeats a 500 of its own to the same key for a day.
                #expect(try shop.refunds("status") == [fault == "error_500" ? "sent" : "succeeded"])
            }
            try shop.remindOfRefund()
            if gateway == .stripe { #expect(try shop.world.column("SELECT number FROM credit_notes") == ["CN-2026-000001"]) }
            #expect(try shop.simulator.charges()[0]["refunded"]?.whole == 1_044_000)
            // The answer to the first delivery stands.
            #expect(try shop.refund(reference, 100, id: "r").text == reply.text)
            try shop.expectSoundMoney()
        }
    }

    @Test(
        "A program that died between its transaction and the call, or after the call, gives back once",
        arguments: ["drop_before", ""], Gateway.allCases)
    func died(fault: String, gateway: Gateway) throws {
        try Shop.with("refunddied") { shop in
            if gateway == .stripe { try shop.card() } else { try shop.savePaystackCard() }
            let reference = try shop.purchased(shop.package("naira", tokens: 500, price: "45000", "NGN"))
            if !fault.isEmpty { try shop.simulator.arm(fault, gateway == .stripe ? "/v1/refunds" : "/refund") }
            try shop.withoutMemory("purchase_refunds", when: "OLD.status = 'sent'") { try shop.refund(reference, 100, id: "r") }
            #expect(try shop.refunds("status, calls") == ["sent 1"])
            let reply = try shop.refund(reference, 100, id: "r")
            #expect(reply.result?["status"]?.text == (gateway == .stripe ? "succeeded" : "sent"), "\(reply.text ?? "")")
            if gateway == .paystack {
                // Its call may still be on its way: nobody asks, and nobody tells it again, before an hour is over.
                #expect(try shop.refunds("calls") == ["1"])
                try shop.remindOfRefund(after: 3600)
            }
            #expect(try shop.simulator.charges()[0]["refunded"]?.whole == 1_044_000)
            #expect(try shop.refund(reference, 100, id: "r").text == reply.text && shop.refunds("id").count == 1)
            try shop.expectSoundMoney()
        }
    }

    @Test("A refund whose reminder was lost is found by the tick")
    func tick() throws {
        try Shop.with("refundtick") { shop in
            try shop.card()
            let reference = try shop.purchased()
            try shop.simulator.arm("drop", "/v1/refunds")
            try shop.refund(reference)
            shop.world.clock.advance(seconds: 60)
            _ = try shop.world.handle([
                shop.world.delivery(
                    #"{"specversion":"1.0","id":"t","source":"/purser/scheduler","type":"tick.due-work"}"#, key: "tick.due-work",
                    asked: false, exchange: "purser.ticks")
            ])
            let last = try #require(try shop.world.events().last)
            #expect(last.type == "billing.due_work" && last.event["data"]?["refund_id"]?.whole != nil)
            try shop.remindOfRefund(after: 0)
            #expect(try shop.refunds("status") == ["succeeded"])
            try shop.expectSoundMoney()
        }
    }
}
