/// `purchase.action_required`: a purchase waits for its customer.
public struct PurchaseActionRequired: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.purchaseActionRequired

    /// The purchase.
    public var facts: PurchaseFacts
    /// What the customer is to do.
    public var reason: String
    /// Where.
    public var url: String?
    /// Until when, in microseconds since 1970.
    public var until: Int64

    /// What happened.
    public init(facts: PurchaseFacts, reason: String, url: String? = nil, until: Int64) {
        self.facts = facts
        self.reason = reason
        self.url = url
        self.until = until
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        facts.write(to: &writer)
        writer.member("reason", reason)
        writer.member("url", ifPresent: url)
        writer.member("until", timeIfPresent: until)
    }
}
