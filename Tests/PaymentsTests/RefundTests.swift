import Domain
import HTTP
import Messages
import Payments
import PurserTesting
import Testing

/// Money that goes back, and the gateways' lists of what came in.
@Suite struct RefundTests {
    private func refund(_ till: Till, _ name: Gateway, _ payment: GatewayPayment, _ units: Int64, _ key: String = "refund-1") -> RefundCall
    {
        RefundCall(key: key, transaction: payment.transaction, amount: till.total(name, units), reference: "REF-1")
    }

    private func news(_ outcome: RefundOutcome) -> RefundNews? {
        if case .news(let news, _) = outcome { news } else { nil }
    }

    @Test func stripeGivesBackInParts() throws {
        let till = try Till()
        let payment = try till.paid(.stripe)
        let part = refund(till, .stripe, payment, 600)
        #expect(till.stripe.askRefund(part) == .notFound)
        let first = till.stripe.refund(part)
        #expect(news(first) == .succeeded)
        // The same key is the same refund.
        #expect(till.stripe.refund(part) == first && till.stripe.askRefund(part) == first)
        #expect(try till.simulator.charges()[0]["refunded"]?.whole == 600)
        #expect(till.stripe.refund(refund(till, .stripe, payment, 11_001, "refund-2")) == .refused(code: "http_400"))
        #expect(news(till.stripe.refund(refund(till, .stripe, payment, 11_000, "refund-3"))) == .succeeded)
        #expect(till.stripe.refund(refund(till, .stripe, payment, 1, "refund-4")) == .refused(code: "charge_already_refunded"))
        #expect(try till.simulator.charges()[0]["refunded"]?.whole == 11_600)
        // What went back was paid all the same.
        #expect(till.stripe.readCharge(payment.transaction, currency: till.dollars) == .paid(payment))
    }

    @Test(arguments: [("pm_card_pendingRefund", RefundNews.pending, RefundNews.succeeded), ("pm_card_refundFail", .succeeded, .failed)])
    func stripeTellsLater(card: String, first: RefundNews, last: RefundNews) throws {
        let till = try Till()
        let call = refund(till, .stripe, try till.paid(.stripe, card: card), 11_600)
        #expect(news(till.stripe.refund(call)) == first)
        #expect(news(till.stripe.askRefund(call)) == first)
        let other = refund(till, .stripe, try till.paid(.stripe, 2, with: till.adopted(card)), 11_600, "refund-2")
        try till.simulator.settleWithoutDelay()
        #expect(news(till.stripe.refund(other)) == first)
        till.simulator.settle()
        #expect(news(till.stripe.askRefund(other)) == last)
        #expect(news(till.stripe.askRefund(call)) == first)
    }

    @Test func paystackQueuesRefunds() throws {
        let till = try Till()
        let payment = try till.paid(.paystack)
        let part = refund(till, .paystack, payment, 5_000)
        #expect(till.paystack.askRefund(part) == .notFound)
        #expect(news(till.paystack.refund(part)) == .pending)
        #expect(news(till.paystack.askRefund(part)) == .pending)
        try till.simulator.settleWithoutDelay()
        let rest = refund(till, .paystack, payment, 6_600, "refund-2")
        guard case .news(.pending, let id) = till.paystack.refund(rest) else { throw Unexpected(what: "no refund") }
        till.simulator.settle()
        #expect(till.paystack.askRefund(rest) == .news(.succeeded, id: id))
        #expect(till.paystack.refund(refund(till, .paystack, payment, 5_000, "refund-3")) == .refused(code: "http_400"))
        #expect(try till.simulator.charges()[0]["refunded"]?.whole == 11_600)
        let nobodys = RefundCall(key: "k", transaction: "nobody", amount: till.total(.paystack), reference: "REF-9")
        #expect(till.paystack.refund(nobodys) == .refused(code: "http_404"))
    }

    @Test func paystackRefundsCanFail() throws {
        let till = try Till()
        let call = refund(till, .paystack, try till.paid(.paystack, card: "sim_refund_fail"), 11_600)
        try till.simulator.settleWithoutDelay()
        #expect(news(till.paystack.refund(call)) == .pending)
        till.simulator.settle()
        #expect(news(till.paystack.askRefund(call)) == .failed)
        #expect(try till.simulator.charges()[0]["refunded"]?.whole == 0)
    }

    @Test(arguments: Gateway.allCases)
    func listsAreReadPageByPage(name: Gateway) throws {
        let till = try Till()
        let method = try till.saved(name)
        let count = 103
        var wanted: Set<String> = []
        for purchase in 1...count { wanted.insert(try till.paid(name, purchase, with: method).transaction) }
        let declined = name == .stripe ? try till.adopted("pm_sim_decline_lost_card") : nil
        if let declined { _ = till.stripe.charge(till.attempt(200, till.total(.stripe), declined)) }
        let now = Moment(microseconds: try #require(EventTime.microseconds(try created(till, name))))
        var listed: [ListedCharge] = []
        var cursor: String?
        var pages = 0
        repeat {
            let page = try till.gateway(name).charges(from: now.adding(.minutes(-10)), to: now.adding(.minutes(10)), cursor: cursor)
            listed += page.charges
            cursor = page.next
            pages += 1
        } while cursor != nil && pages < 5
        #expect(pages == 2 && listed.count == count && Set(listed.map(\.transaction)) == wanted)
        #expect(listed.allSatisfy { $0.amount == till.total(name) && !$0.isFullyRefunded })
        #expect(Set(listed.compactMap(\.reference)) == Set((1...count).map { "REF-\($0)" }))
        let before = try till.gateway(name).charges(from: now.adding(.hours(-2)), to: now.adding(.hours(-1)), cursor: nil)
        #expect(before.charges.isEmpty && before.next == nil)
    }

    /// When the newest charge was made, by the simulator's clock.
    private func created(_ till: Till, _ name: Gateway) throws -> String {
        let value = try till.simulator.charges("gateway=\(name.rawValue)").first?["created"]
        if let seconds = value?.whole { return EventTime.text(microseconds: seconds * 1_000_000) }
        return try #require(value?.text)
    }

    @Test func listsSayWhyTheyCannotBeRead() throws {
        let till = try Till()
        let start = Moment(microseconds: 0)
        let stripe = try StripeGateway(base: till.simulator.base, key: "pk_live_a")
        #expect(throws: ListingFailure(reason: "http_401", isRetriable: false)) {
            try stripe.charges(from: start, to: start.adding(.days(1)), cursor: nil)
        }
        let nowhere = try PaystackGateway(base: "http://127.0.0.1:1", key: "sk_test_a")
        #expect(throws: ListingFailure(reason: "no answer", isRetriable: true)) {
            try nowhere.charges(from: start, to: start.adding(.days(1)), cursor: nil)
        }
    }
}
