import Domain
import Payments
import PurserTesting
import Testing

/// A gateway of ours before a simulator, and what is needed to charge somebody.
struct Till {
    static let organization = "org-1"
    static let email = "ann@example.com"

    let simulator: RunningSimulator
    let stripe: StripeGateway
    let paystack: PaystackGateway
    let dollars: Currency
    let naira: Currency

    init() throws {
        simulator = try RunningSimulator()
        stripe = try StripeGateway(base: simulator.base, key: "sk_test_a")
        paystack = try PaystackGateway(base: simulator.base, key: "sk_test_a")
        dollars = try #require(Currency("USD"))
        naira = try #require(Currency("NGN"))
    }

    func gateway(_ name: Gateway) -> any PaymentGateway {
        name == .stripe ? stripe : paystack
    }

    /// The same gateway for somebody who does not wait.
    func impatient(_ name: Gateway) throws -> any PaymentGateway {
        let limits = CallLimits(connect: .milliseconds(500), total: .milliseconds(500))
        return name == .stripe
            ? try StripeGateway(base: simulator.base, key: "sk_test_a", limits: limits)
            : try PaystackGateway(base: simulator.base, key: "sk_test_a", limits: limits)
    }

    func total(_ gateway: Gateway, _ units: Int64 = 11_600) -> Money {
        Money(minorUnits: units, gateway == .stripe ? dollars : naira)
    }

    /// Stripe: a method by name, as a caller may bring it, which the gateway is asked to keep.
    func adopted(_ name: String) throws -> PaymentMethod {
        // A key is for one method: each name has its own.
        let key = "adopt-\(name)"
        guard case .found(let details) = stripe.adoptMethod(name, email: Self.email, organization: Self.organization, key: key) else {
            throw Unexpected(what: "\(name) was not adopted")
        }
        return method(.stripe, details.reference, customer: details.customer)
    }

    /// A method that this gateway can charge: the card behind it as the simulator names it.
    func saved(_ gateway: Gateway, _ card: String? = nil) throws -> PaymentMethod {
        switch gateway {
        case .stripe: try adopted(card ?? "pm_card_visa")
        case .paystack: method(.paystack, try simulator.authorize(card ?? "", email: Self.email))
        }
    }

    func method(_ gateway: Gateway, _ reference: String, customer: String? = nil, email: String? = Till.email) -> PaymentMethod {
        PaymentMethod(
            id: "method-1", organization: Self.organization, gateway: gateway, reference: reference, customer: customer, email: email)
    }

    /// Each number makes a purchase of its own.
    func attempt(_ purchase: Int, _ total: Money, _ method: PaymentMethod?, number: Int = 1) -> ChargeAttempt {
        ChargeAttempt(
            reference: "REF-\(purchase)", number: number, key: "key-\(purchase)-\(number)", total: total, organization: Self.organization,
            description: "1,000 tokens", method: method)
    }

    /// Charges a card that is good, and says what the gateway said.
    func paid(_ gateway: Gateway, _ purchase: Int = 1, units: Int64 = 11_600, card: String? = nil) throws -> GatewayPayment {
        try paid(gateway, purchase, units: units, with: saved(gateway, card))
    }

    func paid(_ name: Gateway, _ purchase: Int, units: Int64 = 11_600, with method: PaymentMethod) throws -> GatewayPayment {
        let outcome = gateway(name).charge(attempt(purchase, total(name, units), method))
        guard case .succeeded(let payment) = outcome else { throw Unexpected(what: "\(outcome)") }
        return payment
    }

    var page: PageRequest {
        PageRequest(successURL: "https://shop.example/done", cancelURL: "https://shop.example/back", email: Self.email)
    }

    /// A page for a purchase.
    func opened(_ name: Gateway, _ purchase: Int = 1) throws -> (id: String, url: String) {
        let outcome = gateway(name).openPage(attempt(purchase, total(name), nil), page)
        guard case .opened(let id, let url) = outcome else { throw Unexpected(what: "\(outcome)") }
        return (id, url)
    }
}

/// What the rest of a test cannot go on with.
struct Unexpected: Error, CustomStringConvertible {
    let what: String
    var description: String { what }
}
