import Domain
import Messages
import Payments
import PurserTesting
import Testing

/// Declines as they come over the wire; `DomainTests` has a test for every code.
@Suite struct WireDeclineTests {
    @Test(arguments: [
        ("insufficient_funds", DeclineClass.soft), ("do_not_honor", .soft), ("processing_error", .soft), ("generic_decline", .soft),
        ("lost_card", .hard), ("stolen_card", .hard), ("fraudulent", .hard), ("revocation_of_authorization", .hard),
        ("expired_card", .needsCustomer), ("incorrect_cvc", .needsCustomer), ("incorrect_pin", .needsCustomer),
        ("authentication_required", .needsCustomer),
        // The advice is about this very charge and beats the table.
        ("do_not_honor__do_not_try_again", .hard), ("lost_card__try_again_later", .soft), ("fraudulent__confirm_card_data", .needsCustomer),
    ])
    func stripe(code: String, kind: DeclineClass) throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.stripe), try till.adopted("pm_sim_decline_\(code)"))
        let wanted = Decline(kind, code: String(code.split(separator: "__")[0]))
        #expect(till.stripe.charge(attempt) == .declined(wanted))
        // The first answer again, and what the intent keeps of it.
        #expect(till.stripe.ask(attempt, .sameKey) == .notPaid(wanted))
        #expect(till.stripe.ask(attempt, .search) == .notPaid(wanted))
        let charges = try till.simulator.charges()
        #expect(charges.count == 1 && charges[0]["status"]?.text == "failed")
        let intent = try #require(charges[0]["payment"]?.text)
        #expect(till.stripe.readCharge(intent, currency: till.dollars) == .notPaid(wanted))
    }

    @Test func aCodeThatNobodyKnowsIsSoftAndSaidToBeNew() throws {
        let till = try Till()
        let wanted = Decline(.soft, code: "moon_phase", isKnown: false)
        #expect(
            till.stripe.charge(till.attempt(1, till.total(.stripe), try till.adopted("pm_sim_decline_moon_phase"))) == .declined(wanted))
    }

    @Test(arguments: [
        ("pm_card_authenticationRequired", DeclineClass.needsCustomer, "authentication_required"),
        ("pm_card_chargeCustomerFail", .soft, "generic_decline"), ("pm_card_radarBlock", .hard, "fraudulent"),
    ])
    func methodsOfStripesOwn(name: String, kind: DeclineClass, code: String) throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.stripe), try till.adopted(name))
        #expect(till.stripe.charge(attempt) == .declined(Decline(kind, code: code)))
    }

    @Test(arguments: [
        ("insufficient_funds", DeclineClass.soft), ("do_not_honor", .soft), ("96", .soft), ("pickup_stolen_card", .hard), ("R1", .hard),
        ("account_closed", .hard), ("expired_card", .needsCustomer), ("invalid_pin", .needsCustomer),
    ])
    func paystack(code: String, kind: DeclineClass) throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.paystack), try till.saved(.paystack, "sim_decline_\(code)"))
        guard case .declined(let decline) = till.paystack.charge(attempt) else { throw Unexpected(what: "no decline") }
        #expect(decline.kind == kind && decline.isKnown)
        #expect(till.paystack.ask(attempt, .verify) == .notPaid(decline))
        #expect(try till.simulator.charges("status=succeeded").isEmpty)
    }

    @Test func aChallengeNeedsTheCustomer() throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.paystack), try till.saved(.paystack, "sim_challenge"))
        #expect(till.paystack.charge(attempt) == .declined(Decline(.needsCustomer, code: "authentication_required")))
        #expect(till.paystack.ask(attempt, .verify) == .stillUnknown)
    }

    @Test func anAuthorizationOfSomebodyElseIsOfNoUse() throws {
        let till = try Till()
        let code = try till.saved(.paystack).reference
        let stranger = till.attempt(1, till.total(.paystack), till.method(.paystack, code, email: "bob@example.com"))
        let inactive = Decline(.needsCustomer, code: "authorization_inactive", retiresMethod: true)
        #expect(till.paystack.charge(stranger) == .declined(inactive))
        let once = till.attempt(2, till.total(.paystack), try till.saved(.paystack, "sim_single_use"))
        #expect(till.paystack.charge(once) == .declined(inactive))
        let unknown = till.attempt(3, till.total(.paystack), till.method(.paystack, "AUTH_nobody"))
        let invalid = Decline(.needsCustomer, code: "authorization_invalid", retiresMethod: true)
        #expect(till.paystack.charge(unknown) == .declined(invalid))
        // None of them made a transaction.
        #expect(till.paystack.ask(stranger, .verify) == .notFound)
    }
}
