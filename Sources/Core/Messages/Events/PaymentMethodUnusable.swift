/// `payment_method.unusable`: a saved way to pay cannot be charged any more (domain.md 8).
public struct PaymentMethodUnusable: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.paymentMethodUnusable

    /// The saved method.
    public var id: String
    /// Who moves the money.
    public var gateway: String
    /// Why.
    public var reason: String

    /// What happened.
    public init(id: String, gateway: String, reason: String) {
        self.id = id
        self.gateway = gateway
        self.reason = reason
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("payment_method_id", id)
        writer.member("gateway", gateway)
        writer.member("reason", reason)
    }
}
