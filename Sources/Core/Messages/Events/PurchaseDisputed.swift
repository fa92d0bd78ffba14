/// `purchase.disputed`: a bank took a charge back, asks about it, or has decided (domain.md 7.7).
public struct PurchaseDisputed: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.purchaseDisputed

    /// The purchase.
    public var facts: PurchaseFacts
    /// The gateway's name of the dispute.
    public var disputeID: String
    /// Where the dispute stands.
    public var disputeStatus: String
    /// What is disputed.
    public var amount: String
    /// The currency of that, where it is another than the purchase's.
    public var disputeCurrency: String?
    /// The tokens that are taken for it.
    public var takenTokens: Int64

    /// What happened.
    public init(
        facts: PurchaseFacts, disputeID: String, disputeStatus: String, amount: String, disputeCurrency: String? = nil,
        takenTokens: Int64 = 0
    ) {
        self.facts = facts
        self.disputeID = disputeID
        self.disputeStatus = disputeStatus
        self.amount = amount
        self.disputeCurrency = disputeCurrency
        self.takenTokens = takenTokens
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        facts.write(to: &writer)
        writer.member("dispute_id", disputeID)
        writer.member("dispute_status", disputeStatus)
        writer.member("amount", amount)
        writer.member("dispute_currency", ifPresent: disputeCurrency)
        writer.member("taken_tokens", takenTokens)
    }
}
