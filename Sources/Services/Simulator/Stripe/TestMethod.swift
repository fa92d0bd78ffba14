/// A payment method of Stripe's test mode and what becomes of it (payment-facts.md 1.9), and the simulator's own.
struct TestMethod: Sendable, Equatable {
    enum Charge: Sendable, Equatable {
        case succeeds
        case declines(Decline)
        /// By Radar, before the network is asked.
        case isBlocked
        /// The customer must authenticate: always, or unless the card was set up for use without the customer.
        case needsCustomer(unlessSetUp: Bool)
    }

    enum Refund: Sendable, Equatable {
        case succeeds
        case isPending
        case failsLater
    }

    let name: String
    var brand = "visa"
    var last4 = "4242"
    var charge = Charge.succeeds
    var refund = Refund.succeeds
    /// Reason of the dispute that follows a charge.
    var dispute: String?
    /// The dispute is only a question of the bank's; no money moves.
    var isInquiry = false
    /// Whether a customer can keep it.
    var canBeAttached = true

    /// By the name under which Stripe documents it, with or without `_visa_`, or `pm_sim_decline_<code>[__<advice>]`; nil: unknown.
    static func named(_ name: String) -> TestMethod? {
        if name.hasPrefix("pm_sim_decline_") {
            guard let decline = Decline(methodSuffix: name.dropFirst(15)) else { return nil }
            return TestMethod(name: name, last4: "0341", charge: .declines(decline))
        }
        let full = name.replacing("pm_card_visa_", with: "pm_card_")
        guard let method = byName[full] else { return nil }
        return method
    }

    /// By card number.
    static func numbered(_ number: String) -> TestMethod? {
        numbers[number].flatMap { named($0) }
    }

    private static let byName: [String: TestMethod] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let all: [TestMethod] = [
        TestMethod(name: "pm_card_visa"),
        TestMethod(name: "pm_card_mastercard", brand: "mastercard", last4: "4444"),
        TestMethod(name: "pm_card_amex", brand: "amex", last4: "0005"),
        TestMethod(name: "pm_card_discover", brand: "discover", last4: "1117"),
        declining("pm_card_chargeDeclined", "0002", "generic_decline"),
        declining("pm_card_chargeDeclinedInsufficientFunds", "9995", "insufficient_funds"),
        declining("pm_card_chargeDeclinedLostCard", "9987", "lost_card"),
        declining("pm_card_chargeDeclinedStolenCard", "9979", "stolen_card"),
        declining("pm_card_chargeDeclinedExpiredCard", "0069", "expired_card"),
        declining("pm_card_chargeDeclinedIncorrectCvc", "0127", "incorrect_cvc"),
        declining("pm_card_chargeDeclinedProcessingError", "0119", "processing_error"),
        declining("pm_card_chargeDeclinedVelocityLimitExceeded", "6975", "card_velocity_exceeded"),
        TestMethod(name: "pm_card_chargeCustomerFail", last4: "0341", charge: .declines(Decline("generic_decline"))),
        TestMethod(name: "pm_card_authenticationRequired", last4: "3184", charge: .needsCustomer(unlessSetUp: false)),
        TestMethod(name: "pm_card_authenticationRequiredOnSetup", last4: "3155", charge: .needsCustomer(unlessSetUp: true)),
        TestMethod(name: "pm_card_radarBlock", last4: "0019", charge: .isBlocked),
        TestMethod(name: "pm_card_createDispute", last4: "0259", dispute: "fraudulent"),
        TestMethod(name: "pm_card_createDisputeProductNotReceived", last4: "2685", dispute: "product_not_received"),
        TestMethod(name: "pm_card_createDisputeInquiry", last4: "1976", dispute: "fraudulent", isInquiry: true),
        TestMethod(name: "pm_card_pendingRefund", last4: "7726", refund: .isPending),
        TestMethod(name: "pm_card_refundFail", last4: "5126", refund: .failsLater),
    ]

    private static func declining(_ name: String, _ last4: String, _ code: String) -> TestMethod {
        TestMethod(name: name, last4: last4, charge: .declines(Decline(code)), canBeAttached: false)
    }

    private static let numbers: [String: String] = [
        "4242424242424242": "pm_card_visa", "5555555555554444": "pm_card_mastercard", "378282246310005": "pm_card_amex",
        "4000000000000002": "pm_card_chargeDeclined", "4000000000009995": "pm_card_chargeDeclinedInsufficientFunds",
        "4000000000009987": "pm_card_chargeDeclinedLostCard", "4000000000009979": "pm_card_chargeDeclinedStolenCard",
        "4000000000000069": "pm_card_chargeDeclinedExpiredCard", "4000000000000127": "pm_card_chargeDeclinedIncorrectCvc",
        "4000000000000119": "pm_card_chargeDeclinedProcessingError", "4000000000006975": "pm_card_chargeDeclinedVelocityLimitExceeded",
        "4000000000000341": "pm_card_chargeCustomerFail", "4000002760003184": "pm_card_authenticationRequired",
        "4000002500003155": "pm_card_authenticationRequiredOnSetup", "4100000000000019": "pm_card_radarBlock",
        "4000000000000259": "pm_card_createDispute", "4000000000002685": "pm_card_createDisputeProductNotReceived",
        "4000000000001976": "pm_card_createDisputeInquiry", "4000000000007726": "pm_card_pendingRefund",
        "4000000000005126": "pm_card_refundFail",
    ]
}
