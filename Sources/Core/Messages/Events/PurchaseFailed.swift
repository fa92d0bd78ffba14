/// `purchase.failed`: a purchase came to nothing: its status is `failed`, or `cancelled` where it was not wanted any more.
public struct PurchaseFailed: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.purchaseFailed

    /// The purchase.
    public var facts: PurchaseFacts
    /// Why.
    public var reason: String

    /// What happened.
    public init(facts: PurchaseFacts, reason: String) {
        self.facts = facts
        self.reason = reason
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        facts.write(to: &writer)
        writer.member("reason", reason)
    }
}
