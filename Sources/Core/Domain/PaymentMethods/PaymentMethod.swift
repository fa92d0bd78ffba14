/// A saved way to pay: the gateway's reference, never a card number (`domain.md` 8.1).
public struct PaymentMethod: Hashable, Sendable {
    public let id: String
    public let organization: String
    public let gateway: Gateway
    /// `pm_...`, `AUTH_...`.
    public let reference: String
    /// Stripe: whose it is; charges have to name it.
    public let customer: String?
    public let brand: String?
    public let lastFour: String?
    /// The last month in which it is good; nil where the gateway does not tell.
    public let expiry: Month?
    /// Paystack: the e-mail that it was made with; charges name the same one.
    public let email: String?
    public var isDefault: Bool
    /// False once a hard decline or a dead authorization was seen.
    public var isUsable: Bool
    public var isRemoved: Bool

    public init(
        id: String, organization: String, gateway: Gateway, reference: String, customer: String? = nil, brand: String? = nil,
        lastFour: String? = nil,
        expiry: Month? = nil, email: String? = nil, isDefault: Bool = false, isUsable: Bool = true, isRemoved: Bool = false
    ) {
        self.id = id
        self.organization = organization
        self.gateway = gateway
        self.reference = reference
        self.customer = customer
        self.brand = brand
        self.lastFour = lastFour
        self.expiry = expiry
        self.email = email
        self.isDefault = isDefault
        self.isUsable = isUsable
        self.isRemoved = isRemoved
    }

    /// Whether its last month is over.
    public func hasExpired(at moment: Moment) -> Bool {
        expiry.map { $0.next.start <= moment } ?? false
    }
}

/// Why a purchase cannot be paid with what the organization has saved (`domain.md` 8.2).
public enum PaymentMethodRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// None was named, and there is no default.
    case missing = "no_payment_method"
    /// Nobody's, somebody else's, or removed.
    case unknown = "payment_method_unknown"
    case unusable = "payment_method_unusable"
    case expired = "payment_method_expired"
}

/// The choice of a payment method.
public enum PaymentMethodChoice {
    /// The one that is named, or the organization's default.
    ///
    /// - Parameter methods: those that were loaded; of other organizations too, they are nobody's business and count as unknown.
    /// - Throws: a refusal; another method is needed.
    public static func of(
        _ name: String?, among methods: [PaymentMethod], organization: String, at moment: Moment
    ) throws(PaymentMethodRefusal) -> PaymentMethod {
        let owner = ExactText(organization)
        let own = methods.filter { ExactText($0.organization) == owner && !$0.isRemoved }
        let found: PaymentMethod
        if let name {
            let wanted = ExactText(name)
            guard let method = own.first(where: { ExactText($0.id) == wanted }) else { throw .unknown }
            found = method
        } else {
            guard let method = own.first(where: \.isDefault) else { throw .missing }
            found = method
        }
        guard found.isUsable else { throw .unusable }
        guard !found.hasExpired(at: moment) else { throw .expired }
        return found
    }
}
