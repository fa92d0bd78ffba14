/// `payment_method.added`: an organization has saved a way to pay (domain.md 8).
public struct PaymentMethodAdded: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.paymentMethodAdded

    /// The saved method.
    public var id: String
    /// Who moves the money.
    public var gateway: String
    /// The card's brand.
    public var brand: String?
    /// The card's last four digits.
    public var lastFour: String?
    /// The last month in which it is good, such as `2030-04`.
    public var expiry: String?
    /// Whether it is taken where none is named.
    public var isDefault: Bool

    /// What happened.
    public init(id: String, gateway: String, brand: String? = nil, lastFour: String? = nil, expiry: String? = nil, isDefault: Bool) {
        self.id = id
        self.gateway = gateway
        self.brand = brand
        self.lastFour = lastFour
        self.expiry = expiry
        self.isDefault = isDefault
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("payment_method_id", id)
        writer.member("gateway", gateway)
        writer.member("brand", ifPresent: brand)
        writer.member("last_four", ifPresent: lastFour)
        writer.member("expiry", ifPresent: expiry)
        writer.member("is_default", isDefault)
    }
}
