import HTTP
import Messages
import PurserTesting
import Testing

@testable import Billing

/// Purchases on a page of the gateway (`domain.md` 7.4, 7.8).
@Suite("Hosted pages")
struct PageTests {
    private static let day: Int64 = 86_400

    /// Opens a page and gives the purchase's reference and the page's address.
    private func open(_ shop: Shop, _ more: String = Shop.checkout) throws -> (reference: String, url: String) {
        let reply = try shop.buy(#""package_id":"business""#, more)
        let result = try #require(reply.result, "\(reply.text ?? "")")
        return (try #require(result["purchase_reference_id"]?.text), try #require(result["url"]?.text))
    }

    @Test("The answer has the page; what is paid on it completes the purchase")
    func paid() throws {
        try Shop.with("page") { shop in
            let reply = try shop.buy(#""package_id":"business""#, Shop.checkout)
            let result = try #require(reply.result)
            #expect(result["status"]?.text == "processing" && result["phase"]?.text == "customer_action")
            #expect(result["session_id"]?.text?.hasPrefix("cs_") == true && result["payment_method_id"] == nil)
            #expect(result["next_attempt_at"]?.text == shop.world.clock.text(Self.day))
            let url = try #require(result["url"]?.text)
            #expect(try shop.newest("purchase.action_required")?["url"]?.text == url)
            #expect(try shop.newest("purchase.action_required")?["reason"]?.text == "payment_required")
            try shop.simulator.press("pay", at: url)
            let reference = try #require(result["purchase_reference_id"]?.text)
            #expect(try shop.pass(Self.day) == 1)
            #expect(try shop.row(reference, "status, attempts") == "completed 1")
            #expect(try shop.charged() == [reference])
            #expect(try shop.world.value("SELECT outcome FROM payment_attempts") == "succeeded")
        }
    }

    @Test("A page that nobody paid lapses after a day and is closed at the gateway")
    func lapsed() throws {
        try Shop.with("lapsedpage") { shop in
            let (reference, url) = try open(shop)
            #expect(try shop.pass(Self.day - 1) == 0)
            #expect(try shop.pass(1) == 1)
            #expect(try shop.row(reference, "status, failure_reason") == "cancelled lapsed")
            #expect(try shop.simulator.look(at: url).status == 410)
            #expect(try shop.newest("purchase.failed")?["reason"]?.text == "lapsed")
        }
    }

    @Test("Cancelling closes the page first")
    func cancelled() throws {
        try Shop.with("cancelledpage") { shop in
            let (reference, url) = try open(shop)
            #expect(try shop.cancel(reference).result?["status"]?.text == "cancelled")
            #expect(try shop.simulator.look(at: url).status == 410)
            #expect(try shop.row(reference, "status, failure_reason") == "cancelled cancelled")
        }
    }

    @Test("Cancelling a page that was paid meanwhile completes the purchase, and the answer says so")
    func cancelledTooLate() throws {
        try Shop.with("latecancel") { shop in
            let (reference, url) = try open(shop)
            try shop.simulator.press("pay", at: url)
            let reply = try shop.cancel(reference)
            #expect(reply.result?["status"]?.text == "completed" && reply.result?["balance"]?.whole == 500)
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("A page that cannot be closed now is closed by and by", arguments: ["error_500", "drop_before", "drop"])
    func stubborn(_ fault: String) throws {
        try Shop.with("stubborn") { shop in
            let (reference, url) = try open(shop)
            try shop.fault(fault, "/v1/checkout/sessions/*/expire")
            let reply = try shop.cancel(reference)
            #expect(reply.refusal == "gateway_unavailable -" && reply.error?["status"]?.text == "processing")
            #expect(try shop.pass(60) == 1)
            #expect(try shop.row(reference, "status") == "cancelled")
            #expect(try shop.simulator.look(at: url).status == 410)
        }
    }

    @Test("Another purchase in its place closes the page first")
    func replaced() throws {
        try Shop.with("replacedpage") { shop in
            try shop.card()
            let (first, url) = try open(shop)
            #expect(try shop.buy().refusal == "purchase_in_progress -")
            let second = try shop.bought(#""package_id":"starter""#, #""replace":true"#)
            #expect(try shop.row(first, "status") == "cancelled" && shop.row(second, "status") == "completed")
            #expect(try shop.simulator.look(at: url).status == 410)
            #expect(try shop.charged() == [second])
        }
    }

    @Test("A page that was paid before it could be replaced completes, and nobody is charged twice unasked")
    func replacedTooLate() throws {
        try Shop.with("latereplace") { shop in
            try shop.card()
            let (first, url) = try open(shop)
            try shop.simulator.press("pay", at: url)
            let reply = try shop.buy(#""package_id":"starter""#, #""replace":true"#)
            #expect(reply.refusal == "purchase_settled -")
            #expect(reply.error?["purchase_reference_id"]?.text == first && reply.error?["status"]?.text == "completed")
            #expect(try shop.row(first, "status") == "completed")
            #expect(try shop.charged() == [first])
            // Who wants the second one too says so.
            #expect(try shop.buy(#""package_id":"starter""#).result?["balance"]?.whole == 600)
        }
    }

    @Test("A page that cannot be closed is not replaced")
    func notReplaced() throws {
        try Shop.with("notreplaced") { shop in
            try shop.card()
            let (first, _) = try open(shop)
            try shop.fault("error_500", "/v1/checkout/sessions/*/expire")
            let reply = try shop.buy(#""package_id":"starter""#, #""replace":true"#)
            #expect(reply.refusal == "purchase_in_progress -" && reply.error?["purchase_reference_id"]?.text == first)
            #expect(try shop.charged().isEmpty)
            #expect(try shop.buy(#""package_id":"starter""#, #""replace":true"#).isOK)
        }
    }

    @Test("A page that could not be opened is opened by the next reminder", arguments: ["rate_limit", "drop", "drop_before", "conflict"])
    func openedLater(_ fault: String) throws {
        try Shop.with("openedlater") { shop in
            try shop.fault(fault, "/v1/checkout/sessions")
            let reply = try shop.buy(#""package_id":"business""#, Shop.checkout)
            #expect(reply.result?["phase"]?.text == "retry_waiting" && reply.result?["url"] == nil)
            let reference = try #require(reply.result?["purchase_reference_id"]?.text)
            #expect(try shop.pass(15) == 1)
            #expect(try shop.row(reference, "phase, attempts") == "customer_action 1")
            let url = try #require(try shop.newest("purchase.action_required")?["url"]?.text)
            try shop.simulator.press("pay", at: url)
            try shop.pass(Self.day)
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("A page that never opened is cancelled and replaced at once", arguments: ["rate_limit", "drop_before"])
    func neverOpened(_ fault: String) throws {
        try Shop.with("neveropened") { shop in
            try shop.card()
            try shop.fault(fault, "/v1/checkout/sessions", count: 2)
            let first = try shop.bought(#""package_id":"business""#, Shop.checkout)
            #expect(try shop.cancel(first).result?["status"]?.text == "cancelled")
            let second = try shop.bought(#""package_id":"business""#, Shop.checkout)
            let third = try shop.bought(#""package_id":"starter""#, #""replace":true"#)
            #expect(try shop.row(second, "status") == "cancelled" && shop.row(third, "status") == "completed")
            try shop.pass(Self.day)
            #expect(try shop.charged() == [third])
        }
    }

    @Test("A page of Paystack's completes the purchase too, and one that lapsed is given back when it is paid after all")
    func paystack() throws {
        try Shop.with("paystackpage") { shop in
            try shop.ask("billing.wallet_open", #"{"email":"ann@example.com"}"#)
            let naira = try shop.sell("naira", "5000.00", "NGN")
            let paid = try shop.buy(naira, Shop.paystackCheckout)
            try shop.simulator.press("pay", at: try #require(paid.result?["url"]?.text))
            let first = try #require(paid.result?["purchase_reference_id"]?.text)
            #expect(try shop.cancel(first).result?["status"]?.text == "completed")
            let left = try shop.buy(naira, Shop.paystackCheckout)
            let second = try #require(left.result?["purchase_reference_id"]?.text)
            #expect(try shop.cancel(second).result?["status"]?.text == "cancelled")
            // Paystack cannot close a page.
            try shop.simulator.press("pay", at: try #require(left.result?["url"]?.text))
            #expect(try shop.tellPaystackSuccess("\(second)-1", of: second).isOK)
            try shop.simulator.settleWithoutDelay()
            try shop.tick()
            shop.simulator.settle()
            try shop.pass(Self.day)
            #expect(try shop.givenBack() == ["cancelled succeeded"])
            #expect(try shop.row(second, "status") == "cancelled")
            #expect(try shop.world.value("SELECT current_balance FROM organization_token_wallets") == "100")
        }
    }
}
