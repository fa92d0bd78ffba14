import Domain
import HTTP
import Messages
import Payments
import PurserTesting
import Testing

/// Payment methods that are saved on a page or brought by a caller, and charged afterwards.
@Suite struct MethodTests {
    private func pageRequest(_ key: String = "method-page-1") -> MethodPageRequest {
        MethodPageRequest(key: key, organization: Till.organization, returnURL: "https://shop.example/cards", email: Till.email)
    }

    private func opened(_ till: Till) throws -> (id: String, url: String) {
        let outcome = till.stripe.openMethodPage(pageRequest())
        guard case .opened(let id, let url) = outcome else { throw Unexpected(what: "\(outcome)") }
        return (id, url)
    }

    private func adopt(_ till: Till, _ name: String, _ key: String = "adopt-1") -> MethodOutcome {
        till.stripe.adoptMethod(name, email: Till.email, organization: Till.organization, key: key)
    }

    @Test func aCardSavedOnAPageCanBeChargedAgainAndAgain() throws {
        let till = try Till()
        let page = try opened(till)
        #expect(till.stripe.openMethodPage(pageRequest()) == .opened(id: page.id, url: page.url))
        #expect(till.stripe.readMethodPage(page.id) == .notFound)
        #expect(try till.simulator.press("decline", at: page.url).status == 402)
        #expect(till.stripe.readMethodPage(page.id) == .notFound)
        #expect(try till.simulator.press("pay", at: page.url, "&card=5555555555554444").header("Location") == "https://shop.example/cards")
        guard case .found(let details) = till.stripe.readMethodPage(page.id) else { throw Unexpected(what: "no method") }
        #expect(details.reference.hasPrefix("pm_") && details.customer?.hasPrefix("cus_") == true && details.isReusable)
        #expect(details.brand == "mastercard" && details.lastFour == "4444" && details.expiry == Month(year: 2034, month: 8))
        let method = till.method(.stripe, details.reference, customer: details.customer)
        #expect(try till.paid(.stripe, 1, with: method).isPaid)
        #expect(try till.paid(.stripe, 2, with: method).isPaid)
        #expect(try till.simulator.charges("customer=\(details.customer ?? "")").count == 2)
        // A method of a customer is not charged without him.
        let nobodys = till.method(.stripe, details.reference)
        #expect(till.stripe.charge(till.attempt(3, till.total(.stripe), nobodys)) == .refused(code: "http_400"))
        // It belongs to a customer already, so adopting it changes nothing.
        #expect(adopt(till, details.reference) == .found(details))
    }

    @Test func aPageWithoutAMethodHasNone() throws {
        let till = try Till()
        let page = try opened(till)
        #expect(till.stripe.close(.page(page.id), currency: till.dollars) == .closed)
        #expect(till.stripe.readMethodPage(page.id) == .notFound)
        #expect(till.stripe.readMethodPage("cs_nobody") == .notFound)
        let other = try till.opened(.stripe)
        try till.simulator.press("pay", at: other.url)
        #expect(till.stripe.readMethodPage(other.id) == .notFound)
        let nowhere = try StripeGateway(base: "http://127.0.0.1:1", key: "sk_test_a")
        #expect(nowhere.readMethodPage(page.id) == .unknown && nowhere.openMethodPage(pageRequest()) == .unknown)
    }

    @Test func aTestMethodIsAdoptedUnderANameOfItsOwn() throws {
        let till = try Till()
        guard case .found(let details) = adopt(till, "pm_card_visa") else { throw Unexpected(what: "not adopted") }
        #expect(details.reference != "pm_card_visa" && details.customer != nil && details.isReusable && details.lastFour == "4242")
        // Repeated, it is the same customer and the same method; under another key, others.
        #expect(adopt(till, "pm_card_visa") == .found(details))
        guard case .found(let second) = adopt(till, "pm_card_visa", "adopt-2") else { throw Unexpected(what: "not adopted") }
        #expect(second.customer != details.customer && second.reference != details.reference)
        let method = till.method(.stripe, details.reference, customer: details.customer)
        #expect(try till.paid(.stripe, 1, with: method).isPaid)
        #expect(try till.paid(.stripe, 2, with: method).isPaid)
    }

    @Test(arguments: [
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"), ("pm_card_visa_chargeDeclinedLostCard", "lost_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card"), ("pm_card_chargeDeclined", "generic_decline"),
    ])
    func aBadCardIsNotAdopted(name: String, code: String) throws {
        let till = try Till()
        #expect(adopt(till, name) == .refused(code: code))
        #expect(adopt(till, name) == .refused(code: code))
    }

    @Test func whatCannotBeAdoptedSaysWhy() throws {
        let till = try Till()
        #expect(adopt(till, "pm_nobody") == .notFound)
        try till.simulator.arm("rate_limit", "/v1/customers")
        #expect(adopt(till, "pm_card_visa") == .unknown)
        try till.simulator.arm("drop", "/v1/payment_methods/*/attach")
        #expect(adopt(till, "pm_card_visa") == .unknown)
        // The card was attached all the same, and the same key finds it.
        guard case .found(let details) = adopt(till, "pm_card_visa") else { throw Unexpected(what: "not adopted") }
        #expect(details.customer != nil)
        let stranger = try StripeGateway(base: till.simulator.base, key: "pk_live_a")
        #expect(stranger.adoptMethod("pm_card_visa", email: nil, organization: "o", key: "k") == .refused(code: "http_401"))
    }

    @Test func paystackKnowsAuthorizationsByEmail() throws {
        let till = try Till()
        let code = try till.saved(.paystack).reference
        func adopt(_ code: String, _ email: String?) -> MethodOutcome {
            till.paystack.adoptMethod(code, email: email, organization: Till.organization, key: "k")
        }
        guard case .found(let details) = adopt(code, Till.email) else { throw Unexpected(what: "not found") }
        #expect(details.reference == code && details.brand == "visa" && details.lastFour == "4081" && details.isReusable)
        #expect(details.customer == nil && details.expiry == Month(year: 2034, month: 12))
        let once = try till.saved(.paystack, "sim_single_use").reference
        guard case .found(let single) = adopt(once, Till.email) else { throw Unexpected(what: "not found") }
        #expect(!single.isReusable)
        #expect(adopt("AUTH_nobody", Till.email) == .notFound && adopt(code, "bob@example.com") == .notFound)
        #expect(adopt(code, nil) == .refused(code: "email_missing"))
    }

    @Test func paystackHasNoPageToSaveACard() throws {
        let till = try Till()
        #expect(till.paystack.openMethodPage(pageRequest()) == .refused(code: "checkout_not_supported"))
        #expect(till.paystack.readMethodPage("any") == .notFound)
    }

    @Test func aCardThatPaidOnAPaystackPageCanBeChargedAgain() throws {
        let till = try Till()
        let page = try till.opened(.paystack)
        try till.simulator.press("pay", at: page.url)
        // The only card of this customer.
        let client = try HTTPClient()
        var request = HTTPRequest(.get, "\(till.simulator.base)/transaction/verify/\(page.id)")
        request.headers = [HTTPHeader("Authorization", "Bearer sk_test_a")]
        let verified = try JSONReader.read(try client.send(request).body)
        let code = try #require(verified["data"]?["authorization"]?["authorization_code"]?.text)
        #expect(try till.paid(.paystack, 2, with: till.method(.paystack, code)).isPaid)
    }
}
