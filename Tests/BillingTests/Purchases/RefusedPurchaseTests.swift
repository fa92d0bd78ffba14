import Messages
import Postgres
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// What a purchase is refused for when it is initialized: nothing changes but the kept answer (`domain.md` 7.3, 7.9, 8.2).
@Suite("Refused purchases")
struct RefusedPurchaseTests {
    /// Buys something, which is refused with this code and field, and sees to it that nothing was done.
    private func expect(
        _ refusal: String, _ shop: Shop, _ item: String = #""package_id":"business""#, _ more: String = "",
        _ place: SourceLocation = #_sourceLocation
    ) throws {
        let before = try shop.snapshot()
        let charges = try shop.simulator.charges().count
        let reply = try shop.buy(item, more)
        #expect(reply.refusal == refusal, "\(item) \(more)", sourceLocation: place)
        #expect(try shop.snapshot() == before, sourceLocation: place)
        #expect(try shop.simulator.charges().count == charges, sourceLocation: place)
    }

    @Test("What is not sold, or not at this price")
    func items() throws {
        try Shop.with("refuseditems", [.tokenPurchaseMin: "10", .tokenPurchaseMax: "1000000"]) { shop in
            try shop.card()
            let old = try shop.sell("old", "5.00", "USD", #","is_active":false"#)
            try shop.sell("dust", "0.20", "USD")
            try shop.sell("yacht", "900000.00", "USD")
            try shop.sell("pounds", "100.00", "EGP")
            try expect("package_unknown package_id", shop, #""package_id":"gone""#)
            try expect("package_unknown package_id", shop, #""package_id":"business""#, #""catalog":"credits""#)
            try expect("package_unavailable package_id", shop, old)
            try expect("catalog_unknown catalog", shop, #""tokens":100"#, #""catalog":"gone""#)
            try expect("tokens_out_of_range tokens", shop, #""tokens":9"#)
            try expect("tokens_out_of_range tokens", shop, #""tokens":1000001"#)
            try expect("amount_too_small package_id", shop, #""package_id":"dust""#)
            try expect("amount_too_large package_id", shop, #""package_id":"yacht""#)
            try expect("currency_not_supported package_id", shop, #""package_id":"pounds""#)
            try expect("amount_too_large tokens", shop, #""tokens":1000000"#, #""catalog":"credits""#)
            #expect(try shop.buy(#""tokens":10"#).isOK)
        }
    }

    @Test("A currency that one gateway charges and the other does not")
    func currencies() throws {
        try Shop.with("refusedcurrency") { shop in
            _ = try shop.paystackCard()
            let yen = try shop.sell("yen", "5000", "JPY")
            try expect("currency_not_supported package_id", shop, yen)
            try expect("email_missing checkout.gateway", shop, #""package_id":"business""#, Shop.paystackCheckout)
        }
    }

    @Test("A payment method that is missing, foreign, removed, unusable or expired")
    func methods() throws {
        try Shop.with("refusedmethods") { shop in
            try expect("no_payment_method payment_method_id", shop)
            let foreign = try shop.card(organization: "org-2")
            try expect("payment_method_unknown payment_method_id", shop, #""tokens":100"#, #""payment_method_id":"\#(foreign)""#)
            try expect("payment_method_unknown payment_method_id", shop, #""tokens":100"#, #""payment_method_id":"pm-none""#)
            let removed = try shop.card()
            try shop.ask("billing.payment_method_remove", #"{"payment_method_id":"\#(removed)"}"#)
            try expect("no_payment_method payment_method_id", shop)
            try expect("payment_method_unknown payment_method_id", shop, #""tokens":100"#, #""payment_method_id":"\#(removed)""#)
            let good = try shop.card("pm_card_mastercard")
            try shop.world.owner.run("UPDATE payment_methods SET is_usable = false, unusable_reason = 'x' WHERE id = '\(good)'")
            try expect("payment_method_unusable payment_method_id", shop)
            try shop.world.owner.run("UPDATE payment_methods SET is_usable = true, unusable_reason = NULL WHERE id = '\(good)'")
            // The card is good until the end of August 2034.
            shop.world.clock.advance(days: 8 * 366)
            try expect("payment_method_expired payment_method_id", shop)
        }
    }

    @Test("A suspended wallet, and a system that is switched off")
    func stopped() throws {
        try Shop.with("refusedstopped") { shop in
            try shop.card()
            try shop.ask("billing.wallet_open", "{}")
            try shop.ask("billing.wallet_suspend", #"{"reason":"unpaid"}"#)
            try expect("wallet_suspended -", shop)
            try shop.ask("billing.wallet_reactivate", "{}")
            let waiting = try shop.bought(#""package_id":"starter""#, #""execute":false"#)
            try shop.switchSystem(on: false)
            try expect("system_disabled -", shop, #""package_id":"business""#, #""replace":true"#)
            #expect(try shop.execute(waiting).refusal == "system_disabled -")
            #expect(try shop.row(waiting, "status") == "pending")
            try shop.switchSystem(on: true)
            try shop.ask("billing.wallet_suspend", #"{"reason":"unpaid"}"#)
            let before = try shop.row(waiting, "status, payment_method_id")
            #expect(try shop.execute(waiting, method: try shop.card("pm_card_mastercard")).refusal == "wallet_suspended -")
            #expect(try shop.row(waiting, "status, payment_method_id") == before)
            try shop.ask("billing.wallet_reactivate", #"{"reason":"paid"}"#)
            #expect(try shop.execute(waiting).result?["status"]?.text == "completed")
        }
    }

    @Test("A gateway that this deployment has no keys for")
    func gateways() throws {
        try Shop.with("refusedgateway") { shop in
            try shop.card()
            let lane = try shop.world.database.lane(of: "billing", [:], shop.world.clock)
            defer { lane.database.close() }
            let step = BillingStep(lane.configuration)
            let before = try shop.snapshot()
            for (way, field) in [
                ("", "payment_method_id"), (",\(Shop.checkout)", "checkout.gateway"), (",\(Shop.paystackCheckout)", "checkout.gateway"),
            ] {
                let delivery = shop.world.delivery("billing.purchase", #"{"package_id":"business"\#(way)}"#)
                let reply = try Reply(try step.handle([delivery], lane).outcomes[0])
                #expect(reply.refusal == "gateway_not_configured \(field)")
            }
            #expect(try shop.snapshot() == before)
            // One that was initialized waits until the keys are back.
            let reference = try shop.bought(#""package_id":"business""#, #""execute":false"#)
            let execution = shop.world.delivery("billing.purchase_execute", #"{"purchase_reference_id":"\#(reference)"}"#)
            #expect(try Reply(try step.handle([execution], lane).outcomes[0]).result?["phase"]?.text == "retry_waiting")
            try shop.pass(15)
            #expect(try shop.row(reference, "status, attempts") == "completed 1")
        }
    }

    @Test("A field that is no good is named")
    func fields() throws {
        let wrong: [(String, String, String)] = [
            (#""tokens":0"#, "", "tokens"), (#""tokens":1.5"#, "", "tokens"), (#""tokens":"5""#, "", "tokens"),
            (#""package_id":7"#, "", "package_id"), (#""package_id":"""#, "", "package_id"),
            (#""package_id":"business","tokens":5"#, "", "package_id"), (#""execute":true"#, "", "package_id"),
            (#""tokens":100"#, #""catalog":3"#, "catalog"), (#""tokens":100"#, #""payment_method_id":[]"#, "payment_method_id"),
            (#""tokens":100"#, #""payment_method_id":"pm-1",\#(Shop.checkout)"#, "payment_method_id"),
            (#""tokens":100"#, #""checkout":"page""#, "checkout"),
            (#""tokens":100"#, #""checkout":{"success_url":"ftp://a","cancel_url":"https://a"}"#, "checkout.success_url"),
            (#""tokens":100"#, #""checkout":{"success_url":"https://a"}"#, "checkout.cancel_url"),
            (
                #""tokens":100"#, #""checkout":{"success_url":"https://a","cancel_url":"https://a","gateway":"bank"}"#,
                "checkout.gateway"
            ),
            (#""tokens":100"#, #""replace":"yes""#, "replace"), (#""tokens":100"#, #""execute":1"#, "execute"),
            (#""tokens":100"#, #""metadata":[]"#, "metadata"),
            (#""tokens":100"#, #""metadata":{"long":"\#(String(repeating: "x", count: 8192))"}"#, "metadata"),
            (#""tokens":100"#, #""actor":5"#, "actor"),
        ]
        try Shop.with("refusedfields") { shop in
            try shop.card()
            for (item, more, field) in wrong { try expect("invalid_field \(field)", shop, item, more) }
            let key = try shop.ask("billing.purchase", #"{"tokens":100,"idempotency_key":""}"#)
            #expect(key.refusal == "invalid_field idempotency_key")
            for type in ["billing.purchase_execute", "billing.purchase_cancel"] {
                #expect(try shop.ask(type, #"{"purchase_reference_id":"REF-1"}"#).refusal == "invalid_field purchase_reference_id")
                #expect(try shop.ask(type, "{}").refusal == "invalid_field purchase_reference_id")
            }
        }
    }

    @Test("A purchase that is another organization's is as good as none")
    func foreign() throws {
        try Shop.with("refusedforeign") { shop in
            try shop.card()
            let reference = try shop.bought(#""package_id":"business""#, #""execute":false"#)
            let before = try shop.snapshot()
            for type in ["billing.purchase_execute", "billing.purchase_cancel"] {
                let data = #"{"purchase_reference_id":"\#(reference)"}"#
                #expect(try shop.ask(type, data, organization: "org-2").refusal == "purchase_not_found purchase_reference_id")
            }
            let none = #"{"purchase_reference_id":"REF-AAAAAAAAAAAAAAAAAAAAAAAAAA"}"#
            #expect(try shop.ask("billing.purchase_execute", none).refusal == "purchase_not_found purchase_reference_id")
            #expect(try shop.snapshot() == before)
        }
    }
}
