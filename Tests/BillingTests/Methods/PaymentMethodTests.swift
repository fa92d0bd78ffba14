import Runtime
import Domain
import Messages
import PurserTesting
import Testing

@testable import Billing

/// Saved ways to pay (`domain.md` 8).
@Suite("Payment methods")
struct PaymentMethodTests {
    private func add(_ shop: Shop, _ data: String, organization: String = "org-1", id: String? = nil) throws -> Reply {
        try shop.ask("billing.payment_method_add", "{\(data)}", organization: organization, id: id)
    }

    private func change(_ shop: Shop, _ what: String, _ id: String, organization: String = "org-1") throws -> Reply {
        try shop.ask("billing.payment_method_\(what)", #"{"payment_method_id":"\#(id)"}"#, organization: organization)
    }

    private func methods(_ shop: Shop) throws -> [String?] {
        try shop.world.column(
            "SELECT concat_ws(' ', gateway, brand, last_four, is_default, is_usable, removed_at IS NULL) FROM payment_methods ORDER BY created_at, id"
        )
    }

    @Test("Added by reference; the first one is the default, and another one only when it is chosen")
    func added() throws {
        try Shop.with("methodadd") { shop in
            let first = try #require(try add(shop, #""gateway":"stripe","reference":"pm_card_visa""#).result)
            #expect(first["is_default"]?.bool == true && first["is_usable"]?.bool == true && first["gateway"]?.text == "stripe")
            #expect(first["brand"]?.text == "visa" && first["last_four"]?.text == "4242" && first["expiry"]?.text == "2034-08")
            shop.world.clock.advance(seconds: 1)
            let second = try #require(try add(shop, #""gateway":"stripe","reference":"pm_card_mastercard""#).result)
            #expect(second["is_default"]?.bool == false)
            #expect(try methods(shop) == ["stripe visa 4242 t t t", "stripe mastercard 4444 f t t"])
            let told = try shop.world.events().filter { $0.type == "payment_method.added" }.map(\.event)
            #expect(told.map { $0["data"]?["is_default"]?.bool } == [true, false] && told.allSatisfy { $0["subject"]?.text == "org-1" })
            let name = try #require(second["payment_method_id"]?.text)
            for _ in 0..<2 { #expect(try change(shop, "default", name).result?["is_default"]?.bool == true) }
            #expect(try methods(shop) == ["stripe visa 4242 f t t", "stripe mastercard 4444 t t t"])
            let reference = try shop.purchased()
            #expect(try shop.row(reference, "payment_method_id") == name)
            shop.world.clock.advance(seconds: 1)
            #expect(try add(shop, #""gateway":"stripe","reference":"pm_card_amex","is_default":true"#).result?["is_default"]?.bool == true)
            #expect(try methods(shop).filter { $0?.contains(" t t t") == true }.count == 1)
            let actions = try shop.world.column("SELECT action FROM token_audit_logs WHERE action LIKE '%method%' ORDER BY id")
            #expect(actions == ["payment_method.added", "payment_method.added", "billing.payment_method_default", "payment_method.added"])
        }
    }

    @Test("The same method added twice is one, and the same message gives the same answer")
    func twice() throws {
        try Shop.with("methodtwice") { shop in
            let first = try add(shop, #""gateway":"stripe","reference":"pm_card_visa""#, id: "add")
            #expect(try add(shop, #""gateway":"stripe","reference":"pm_card_visa""#, id: "add").text == first.text)
            let reference = try #require(try shop.world.value("SELECT reference FROM payment_methods"))
            let again = try add(shop, #""gateway":"stripe","reference":"\#(reference)""#)
            #expect(again.result?["payment_method_id"]?.text == first.result?["payment_method_id"]?.text, "\(again.text ?? "")")
            #expect(again.result?["is_default"]?.bool == true)
            try shop.savePaystackCard()
            let code = try #require(try shop.world.value("SELECT reference FROM payment_methods WHERE gateway = 'paystack'"))
            #expect(try add(shop, #""gateway":"paystack","reference":"\#(code)","email":"ann@example.com""#).isOK)
            #expect(try methods(shop).count == 2)
            #expect(try shop.world.events().count { $0.type == "payment_method.added" } == 2)
        }
    }

    @Test("Removed, it is unknown; a purchase needs another one; added again, it is a new one")
    func removed() throws {
        try Shop.with("methodremove") { shop in
            let name = try shop.card()
            let reference = try #require(try shop.world.value("SELECT reference FROM payment_methods"))
            let removed = try change(shop, "remove", name)
            #expect(removed.isOK && removed.result?["is_default"]?.bool == false)
            for what in ["remove", "default"] {
                #expect(try change(shop, what, name).refusal == "payment_method_unknown payment_method_id")
            }
            #expect(try shop.buy().refusal == "no_payment_method payment_method_id")
            let named = try shop.buy(#""package_id":"business""#, #""payment_method_id":"\#(name)""#)
            #expect(named.refusal == "payment_method_unknown payment_method_id")
            let again = try add(shop, #""gateway":"stripe","reference":"\#(reference)""#)
            #expect(again.result?["payment_method_id"]?.text != name && again.result?["is_default"]?.bool == true)
            _ = try shop.purchased()
        }
    }

    @Test("Another organization's method is as good as none, and nothing is merged by e-mail")
    func foreign() throws {
        try Shop.with("methodforeign") { shop in
            let name = try shop.card()
            for what in ["remove", "default"] {
                #expect(try change(shop, what, name, organization: "org-2").refusal == "payment_method_unknown payment_method_id")
            }
            let buy = try shop.buy(#""package_id":"business""#, #""payment_method_id":"\#(name)""#, organization: "org-2")
            #expect(buy.refusal == "payment_method_unknown payment_method_id")
            try shop.savePaystackCard()
            let code = try #require(try shop.world.value("SELECT reference FROM payment_methods WHERE gateway = 'paystack'"))
            let shared = try add(shop, #""gateway":"paystack","reference":"\#(code)","email":"ann@example.com""#, organization: "org-2")
            #expect(shared.result?["is_default"]?.bool == true)
            #expect(try shop.world.value("SELECT count(DISTINCT organization_id) FROM payment_methods WHERE reference = '\(code)'") == "2")
        }
    }

    @Test(
        "Declined test methods are refused with the gateway's word",
        arguments: [
            ("pm_card_chargeDeclined", "generic_decline"), ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
            ("pm_card_chargeDeclinedExpiredCard", "expired_card"), ("pm_card_chargeDeclinedLostCard", "lost_card"),
        ])
    func declined(name: String, reason: String) throws {
        try Shop.with("methoddeclined") { shop in
            let reply = try add(shop, #""gateway":"stripe","reference":"\#(name)""#)
            #expect(reply.refusal == "gateway_refused reference" && reply.error?["reason"]?.text == reason)
            #expect(try methods(shop).isEmpty && shop.world.events().isEmpty)
        }
    }

    @Test("What no gateway knows, has not answered or wants more for is refused, and can be tried again")
    func refused() throws {
        try Shop.with("methodrefused") { shop in
            #expect(try add(shop, #""gateway":"stripe","reference":"pm_nobody""#).refusal == "payment_method_unknown reference")
            try shop.simulator.arm("error_500", "/v1/customers")
            #expect(try add(shop, #""gateway":"stripe","reference":"pm_card_visa""#).refusal == "gateway_unavailable -")
            let code = try shop.simulator.authorize("", email: "ann@example.com")
            #expect(try add(shop, #""gateway":"paystack","reference":"\#(code)""#).refusal == "email_missing email")
            #expect(
                try add(shop, #""gateway":"paystack","reference":"\#(code)","email":"bob@example.com""#).refusal
                    == "payment_method_unknown reference")
            let single = try shop.simulator.authorize("sim_single_use", email: "ann@example.com")
            #expect(
                try add(shop, #""gateway":"paystack","reference":"\#(single)","email":"ann@example.com""#).refusal
                    == "payment_method_unusable reference")
            #expect(
                try add(shop, #""gateway":"paystack","return_url":"https://shop.example/cards","email":"ann@example.com""#).refusal
                    == "checkout_not_supported gateway")
            #expect(try methods(shop).isEmpty)
            // The wallet's address stands in for one that nobody named.
            try shop.ask("billing.wallet_open", #"{"email":"ann@example.com"}"#)
            #expect(try add(shop, #""gateway":"paystack","reference":"\#(code)""#).isOK)
            #expect(try shop.world.value("SELECT email FROM payment_methods") == "ann@example.com")
        }
    }

    @Test("A card saved on the gateway's page is added by its webhook, and pays")
    func page() throws {
        try Shop.with("methodpage") { shop in
            let opened = try #require(try add(shop, #""gateway":"stripe","return_url":"https://shop.example/cards""#).result)
            let session = try #require(opened["session_id"]?.text)
            #expect(session.hasPrefix("cs_") && opened["payment_method_id"] == nil)
            #expect(try add(shop, #""gateway":"stripe","reference":"\#(session)""#).refusal == "payment_method_unknown reference")
            try shop.simulator.press("pay", at: try #require(opened["url"]?.text), "&card=5555555555554444")
            let webhook = try shop.told("checkout.session.completed")
            // The gateway is away for a moment: the card is not lost.
            try shop.simulator.control("faults", #"{"kind":"error_500","path":"/v1/checkout/sessions/*","count":1}"#)
            let delivery = shop.webhook(webhook)
            #expect(try shop.world.ask(delivery).outcome == .retryLater(reason: "gateway_unavailable", atLeast: .tenSeconds))
            #expect(try methods(shop).isEmpty)
            let replies = [try shop.world.ask(delivery)] + (try shop.together((0..<8).map { _ in shop.webhook(webhook) }))
            #expect(replies.allSatisfy { $0.result?["outcome"]?.text == "done" })
            #expect(try methods(shop) == ["stripe mastercard 4444 t t t"])
            #expect(try shop.world.events().map(\.type) == ["payment_method.added"])
            let reference = try shop.purchased()
            #expect(try shop.row(reference, "status") == "completed")
            // The session as a reference gives the same one.
            let same = try add(shop, #""gateway":"stripe","reference":"\#(session)""#)
            #expect(same.result?["payment_method_id"]?.text == (try shop.world.value("SELECT id FROM payment_methods")))
        }
    }

    @Test("A session as reference adds the method without a webhook")
    func session() throws {
        try Shop.with("methodsession") { shop in
            let opened = try #require(try add(shop, #""gateway":"stripe","return_url":"https://shop.example/cards""#).result)
            let session = try #require(opened["session_id"]?.text)
            try shop.simulator.press("pay", at: try #require(opened["url"]?.text))
            let added = try add(shop, #""gateway":"stripe","reference":"\#(session)""#)
            #expect(added.result?["last_four"]?.text == "4242" && added.result?["is_default"]?.bool == true)
            #expect(try shop.hear("checkout.session.completed").result?["outcome"]?.text == "done")
            #expect(try methods(shop).count == 1)
            _ = try shop.purchased()
        }
    }
}
