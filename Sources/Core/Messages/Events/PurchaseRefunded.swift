/// `purchase.refunded`: money of a purchase went back (domain.md 7.6), or a charge that nobody wanted any more (domain.md 7.8).
public struct PurchaseRefunded: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.purchaseRefunded

    /// The purchase.
    public var facts: PurchaseFacts
    /// The refund.
    public var refundID: Int64
    /// The tokens of this refund.
    public var refundedTokens: Int64
    /// What went back, with tax.
    public var refundedAmount: String
    /// Its credit note.
    public var creditNoteNumber: String?
    /// Why it went back without anybody's asking.
    public var automaticReason: String?
    /// Why, in the words of whoever asked.
    public var reason: String?

    /// What happened.
    public init(
        facts: PurchaseFacts, refundID: Int64, refundedTokens: Int64, refundedAmount: String, creditNoteNumber: String? = nil,
        automaticReason: String? = nil, reason: String? = nil
    ) {
        self.facts = facts
        self.refundID = refundID
        self.refundedTokens = refundedTokens
        self.refundedAmount = refundedAmount
        self.creditNoteNumber = creditNoteNumber
        self.automaticReason = automaticReason
        self.reason = reason
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        facts.write(to: &writer)
        writer.member("refund_id", refundID)
        writer.member("refunded_tokens", refundedTokens)
        writer.member("refunded_amount", refundedAmount)
        writer.member("credit_note_number", ifPresent: creditNoteNumber)
        writer.member("automatic_reason", ifPresent: automaticReason)
        writer.member("reason", ifPresent: reason)
    }
}
