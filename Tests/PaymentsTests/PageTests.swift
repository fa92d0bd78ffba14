import Domain
import HTTP
import Messages
import Payments
import PurserTesting
import Testing

/// Hosted pages, with a browser's presses on their buttons.
@Suite struct PageTests {
    @Test(arguments: Gateway.allCases)
    func aPageIsPaid(name: Gateway) throws {
        let till = try Till()
        let gateway = till.gateway(name)
        let currency = till.total(name).currency
        let page = try till.opened(name, 3)
        let answer = try till.simulator.press("pay", at: page.url)
        #expect(answer.status == 303 && answer.header("Location")?.hasPrefix("https://shop.example/done") == true)
        guard case .paid(let payment) = gateway.readPage(page.id, currency: currency) else { throw Unexpected(what: "not paid") }
        #expect(payment.isPaid && payment.amount == till.total(name) && payment.reference == "REF-3")
        #expect(gateway.readCharge(payment.transaction, currency: currency) == .paid(payment))
        #expect(gateway.ask(till.attempt(3, till.total(name), nil), .search) == .paid(payment))
        #expect(gateway.close(.page(page.id), currency: currency) == .alreadyPaid(payment))
        #expect(try till.simulator.look(at: page.url).status == 410)
        #expect(try till.simulator.charges().count == 1)
    }

    @Test func openingAgainGivesTheSamePage() throws {
        let till = try Till()
        let first = try till.opened(.stripe)
        let again = try till.opened(.stripe)
        #expect(first == again)
    }

    @Test func aDeclineLeavesAStripePageOpen() throws {
        let till = try Till()
        let page = try till.opened(.stripe)
        #expect(till.stripe.readPage(page.id, currency: till.dollars) == .stillUnknown)
        #expect(try till.simulator.press("decline", at: page.url).status == 402)
        #expect(till.stripe.readPage(page.id, currency: till.dollars) == .stillUnknown)
        try till.simulator.press("pay", at: page.url)
        guard case .paid = till.stripe.readPage(page.id, currency: till.dollars) else { throw Unexpected(what: "not paid") }
        #expect(try till.simulator.charges("status=succeeded").count == 1)
    }

    @Test func aDeclineEndsAPaystackPage() throws {
        let till = try Till()
        let page = try till.opened(.paystack)
        #expect(try till.simulator.press("decline", at: page.url).status == 402)
        #expect(till.paystack.readPage(page.id, currency: till.naira) == .notPaid(Decline(.soft, code: "do_not_honor")))
    }

    @Test func aClosedPageTakesNoMoney() throws {
        let till = try Till()
        let page = try till.opened(.stripe)
        #expect(till.stripe.close(.page(page.id), currency: till.dollars) == .closed)
        #expect(try till.simulator.look(at: page.url).status == 410)
        #expect(till.stripe.readPage(page.id, currency: till.dollars) == .notPaid(.neverArrived))
        #expect(till.stripe.close(.page(page.id), currency: till.dollars) == .closed)
        #expect(try till.simulator.charges().isEmpty)
    }

    @Test func pagesThatNobodyOpenedAreNotFound() throws {
        let till = try Till()
        #expect(till.stripe.readPage("cs_nobody", currency: till.dollars) == .notFound)
        #expect(till.stripe.close(.page("cs_nobody"), currency: till.dollars) == .closed)
        #expect(till.paystack.readPage("nobody", currency: till.naira) == .notFound)
        #expect(till.paystack.close(.page("nobody"), currency: till.naira) == .closed)
        let open = try till.opened(.paystack)
        #expect(till.paystack.close(.page(open.id), currency: till.naira) == .closed)
    }

    @Test func anIntentThatADeclineLeftIsCancelled() throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.stripe), try till.adopted("pm_sim_decline_authentication_required"))
        guard case .declined = till.stripe.charge(attempt) else { throw Unexpected(what: "no decline") }
        let intent = try #require(try till.simulator.charges()[0]["payment"]?.text)
        #expect(till.stripe.close(.intent(intent), currency: till.dollars) == .closed)
        #expect(till.stripe.close(.intent(intent), currency: till.dollars) == .closed)
        #expect(till.stripe.readCharge(intent, currency: till.dollars) == .notPaid(.neverArrived))
        #expect(till.stripe.close(.intent("pi_nobody"), currency: till.dollars) == .closed)
        let payment = try till.paid(.stripe, 2)
        #expect(till.stripe.close(.intent(payment.transaction), currency: till.dollars) == .alreadyPaid(payment))
    }
}
