/// `purchase.initialized`: a purchase was made; nothing is paid yet.
public struct PurchaseInitialized: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.purchaseInitialized

    /// The purchase.
    public var facts: PurchaseFacts
    /// For whom the change was made.
    public var actor: String?

    /// What happened.
    public init(facts: PurchaseFacts, actor: String? = nil) {
        self.facts = facts
        self.actor = actor
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        facts.write(to: &writer)
        writer.member("actor", ifPresent: actor)
    }
}
