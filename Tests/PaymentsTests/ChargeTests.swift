import Domain
import HTTP
import Messages
import Payments
import PurserTesting
import Testing

/// Charges over HTTP, and what the gateway says of them afterwards.
@Suite struct ChargeTests {
    @Test(arguments: Gateway.allCases)
    func whatWasPaidIsWhatWasAskedFor(name: Gateway) throws {
        let till = try Till()
        let gateway = till.gateway(name)
        let attempt = till.attempt(7, till.total(name), try till.saved(name))
        guard case .succeeded(let payment) = gateway.charge(attempt) else { throw Unexpected(what: "no charge") }
        #expect(payment.isPaid && payment.amount == till.total(name) && payment.reference == "REF-7")
        #expect(gateway.readCharge(payment.transaction, currency: attempt.total.currency) == .paid(payment))
        #expect(gateway.readCharge("pi-of-nobody", currency: attempt.total.currency) == .notFound)
        #expect(gateway.ask(attempt, .search) == .paid(payment))
        let charges = try till.simulator.charges()
        #expect(charges.count == 1 && charges[0]["captured"]?.whole == 11_600 && charges[0]["payment"]?.text == payment.transaction)
        let metadata = charges[0]["metadata"]
        #expect(metadata?["organization_id"]?.text == Till.organization && metadata?["attempt"]?.text == "1")
    }

    @Test func currenciesWithoutDecimalsArriveAsTheyWereAsked() throws {
        let till = try Till()
        let yen = Money(minorUnits: 1_160, try #require(Currency("JPY")))
        guard case .succeeded(let payment) = till.stripe.charge(till.attempt(1, yen, try till.saved(.stripe))) else {
            throw Unexpected(what: "no charge")
        }
        #expect(payment.amount == yen)
        #expect(try till.simulator.charges()[0]["amount"]?.whole == 1_160)
        let francs = Money(minorUnits: 1_160, try #require(Currency("XOF")))
        guard case .succeeded(let other) = till.paystack.charge(till.attempt(2, francs, try till.saved(.paystack))) else {
            throw Unexpected(what: "no charge")
        }
        #expect(other.amount == francs)
        #expect(try till.simulator.charges("gateway=paystack")[0]["amount"]?.whole == 116_000)
    }

    @Test func theSameKeyChargesOnce() throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.stripe), try till.saved(.stripe))
        let first = till.stripe.charge(attempt)
        #expect(till.stripe.charge(attempt) == first)
        guard case .succeeded(let payment) = first else { throw Unexpected(what: "no charge") }
        #expect(till.stripe.ask(attempt, .sameKey) == .paid(payment))
        #expect(try till.simulator.charges().count == 1)
        // Another amount under the key of an attempt: the attempt exists, and has to be found.
        #expect(till.stripe.charge(till.attempt(1, till.total(.stripe, 500), attempt.method)) == .unknown)
        #expect(try till.simulator.charges().count == 1)
    }

    @Test func aReferenceThatIsTakenIsLookedUp() throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.paystack), try till.saved(.paystack))
        guard case .succeeded(let payment) = till.paystack.charge(attempt) else { throw Unexpected(what: "no charge") }
        #expect(till.paystack.charge(attempt) == .unknown)
        #expect(till.paystack.ask(attempt, .verify) == .paid(payment))
        #expect(try till.simulator.charges().count == 1)
    }

    @Test func attemptsOfOnePurchaseAreToldApart() throws {
        let till = try Till()
        let bad = try till.adopted("pm_sim_decline_insufficient_funds")
        let good = try till.adopted("pm_card_visa")
        let first = till.attempt(1, till.total(.stripe), bad)
        let second = till.attempt(1, till.total(.stripe), good, number: 2)
        guard case .declined(let decline) = till.stripe.charge(first), case .succeeded(let payment) = till.stripe.charge(second) else {
            throw Unexpected(what: "neither a decline nor a charge")
        }
        #expect(till.stripe.ask(first, .search) == .notPaid(decline))
        #expect(till.stripe.ask(second, .search) == .paid(payment))
        #expect(till.stripe.ask(till.attempt(1, till.total(.stripe), good, number: 3), .search) == .notFound)
    }

    @Test func whatCannotBeChargedSaysWhy() throws {
        let till = try Till()
        for name in Gateway.allCases {
            let gateway = till.gateway(name)
            let method = try till.saved(name)
            #expect(gateway.charge(till.attempt(1, till.total(name), nil)) == .refused(code: "payment_method_missing"))
            #expect(gateway.charge(till.attempt(1, till.total(name, 1), method)) == .refused(code: "amount_not_chargeable"))
            #expect(gateway.openPage(till.attempt(1, till.total(name, 1), nil), till.page) == .refused(code: "amount_not_chargeable"))
        }
        let bare = till.method(.paystack, "AUTH_1", email: nil)
        #expect(till.paystack.charge(till.attempt(1, till.total(.paystack), bare)) == .refused(code: "email_missing"))
        let page = PageRequest(successURL: "https://shop.example/", cancelURL: "https://shop.example/", email: nil)
        #expect(till.paystack.openPage(till.attempt(1, till.total(.paystack), nil), page) == .refused(code: "email_missing"))
        #expect(try till.simulator.charges().isEmpty)
    }

    @Test func aWrongKeyIsOurFault() throws {
        let till = try Till()
        let stripe = try StripeGateway(base: till.simulator.base, key: "pk_live_a")
        let paystack = try PaystackGateway(base: till.simulator.base + "/", key: "pk_live_a")
        #expect(stripe.charge(till.attempt(1, till.total(.stripe), till.method(.stripe, "pm_1"))) == .refused(code: "http_401"))
        #expect(paystack.charge(till.attempt(1, till.total(.paystack), till.method(.paystack, "AUTH_1"))) == .refused(code: "http_401"))
    }

    @Test func whereNobodyListensNothingHappened() throws {
        let till = try Till()
        let method = try till.saved(.stripe)
        let nowhere = try StripeGateway(base: "http://127.0.0.1:1", key: "sk_test_a")
        let attempt = till.attempt(1, till.total(.stripe), method)
        #expect(nowhere.charge(attempt) == .slowDown)
        #expect(nowhere.ask(attempt, .sameKey) == .stillUnknown && nowhere.ask(attempt, .search) == .stillUnknown)
        #expect(nowhere.readCharge("pi_1", currency: till.dollars) == .stillUnknown)
    }
}
