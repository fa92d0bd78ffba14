import Domain
import Messages
import Payments
import PurserTesting
import Testing

/// What goes wrong between us and a gateway, and what asking brings to light.
@Suite struct FaultTests {
    /// What is known after a fault, in words.
    private struct Case: Sendable, CustomTestStringConvertible {
        let kind: String
        let outcome: ChargeOutcome
        /// Whether the customer was charged by then.
        let isCharged: Bool
        /// Stripe: whether the same key says more than that nobody knows.
        let keyHelps: Bool

        var testDescription: String { kind }
    }

    private static let cases = [
        Case(kind: "timeout_before", outcome: .unknown, isCharged: false, keyHelps: true),
        Case(kind: "timeout_after", outcome: .unknown, isCharged: true, keyHelps: true),
        Case(kind: "drop_before", outcome: .unknown, isCharged: false, keyHelps: true),
        Case(kind: "drop", outcome: .unknown, isCharged: true, keyHelps: true),
        // The key remembers its first answer, also this one: only a search tells, and only of a success.
        Case(kind: "error_500", outcome: .unknown, isCharged: false, keyHelps: false),
        Case(kind: "error_500_after", outcome: .unknown, isCharged: true, keyHelps: false),
        Case(kind: "rate_limit", outcome: .slowDown, isCharged: false, keyHelps: true),
        Case(kind: "conflict", outcome: .unknown, isCharged: false, keyHelps: true),
    ]

    @Test(arguments: cases)
    private func stripe(fault: Case) throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.stripe), try till.saved(.stripe))
        try till.simulator.arm(fault.kind, "/v1/payment_intents")
        #expect(try charger(till, .stripe, fault).charge(attempt) == fault.outcome)
        #expect(try till.simulator.charges().count == (fault.isCharged ? 1 : 0))
        #expect(isPaid(till.stripe.ask(attempt, .search), till.total(.stripe)) == (fault.isCharged ? true : nil))
        let again = till.stripe.ask(attempt, .sameKey)
        guard fault.keyHelps else {
            if fault.isCharged { #expect(isPaid(again, till.total(.stripe)) == true) } else { #expect(again == .stillUnknown) }
            #expect(try till.simulator.charges().count == (fault.isCharged ? 1 : 0))
            return
        }
        // Where the first call never arrived, this was the charge.
        #expect(isPaid(again, till.total(.stripe)) == true)
        #expect(try till.simulator.charges("status=succeeded").count == 1)
    }

    @Test(arguments: cases)
    private func paystack(fault: Case) throws {
        let till = try Till()
        let attempt = till.attempt(1, till.total(.paystack), try till.saved(.paystack))
        try till.simulator.arm(fault.kind, "/transaction/charge_authorization")
        #expect(try charger(till, .paystack, fault).charge(attempt) == fault.outcome)
        #expect(try till.simulator.charges().count == (fault.isCharged ? 1 : 0))
        #expect(isPaid(till.paystack.ask(attempt, .verify), till.total(.paystack)) == (fault.isCharged ? true : nil))
    }

    /// One that has asked something before, so that it has a connection to lose; for a silence, one that does not wait.
    private func charger(_ till: Till, _ name: Gateway, _ fault: Case) throws -> any PaymentGateway {
        guard !fault.kind.hasPrefix("timeout") else { return try till.impatient(name) }
        let gateway = till.gateway(name)
        #expect(gateway.readCharge("pi-of-nobody", currency: till.dollars) == .notFound)
        return gateway
    }

    /// Nil: the gateway knows no such charge.
    private func isPaid(_ result: AskResult, _ total: Money) -> Bool? {
        switch result {
        case .paid(let payment): payment.amount == total && payment.reference == "REF-1"
        case .notFound: nil
        case .notPaid, .stillUnknown: false
        }
    }

    /// Paystack knows no key for refunds: one that is sent twice is two.
    @Test(arguments: ["drop_before", "drop", "error_500", "error_500_after"])
    func aRefundIsSentOnce(kind: String) throws {
        let till = try Till()
        let payment = try till.paid(.paystack)
        let refund = RefundCall(key: "refund-1", transaction: payment.transaction, amount: till.total(.paystack, 5_000), reference: "REF-1")
        #expect(till.paystack.askRefund(refund) == .notFound)
        try till.simulator.arm(kind, "/refund")
        #expect(till.paystack.refund(refund) == .unknown)
        let isDone = kind == "drop" || kind == "error_500_after"
        #expect(try till.simulator.charges()[0]["refunded"]?.whole == (isDone ? 5_000 : 0))
        guard isDone else {
            #expect(till.paystack.askRefund(refund) == .notFound)
            return
        }
        guard case .news = till.paystack.askRefund(refund) else { throw Unexpected(what: "the refund was not found") }
    }

    @Test func aDeadlineHoldsForAllCallsOfAQuestion() throws {
        let till = try Till()
        let impatient = try till.impatient(.stripe)
        try till.simulator.arm("timeout_before", "/v1/payment_methods/*/attach")
        let start = ContinuousClock.now
        #expect(impatient.adoptMethod("pm_card_visa", email: nil, organization: Till.organization, key: "k") == .unknown)
        #expect(start.duration(to: .now) < .seconds(5))
    }
}
