/// Why a purchase cannot be moved by a refund or a dispute.
public enum ReversalRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// It was never completed, or is settled for good.
    case purchaseNotCompleted = "purchase_not_completed"
    /// There is no dispute to end.
    case noDispute = "no_dispute"
}

extension Purchase {
    /// A refund reached the customer (`domain.md` 7.6). While it is disputed, only what it goes back to changes.
    /// - Throws: a refusal; nothing changed.
    public mutating func refunded(_ tokens: Int64) throws(ReversalRefusal) {
        let next: PurchaseStatus = state.refundedTokens + tokens >= self.tokens ? .refunded : .partiallyRefunded
        if state.status == .disputed {
            state.statusBeforeDispute = next
        } else {
            guard [.completed, .partiallyRefunded].contains(state.status) else { throw .purchaseNotCompleted }
            become(next)
        }
        state.refundedTokens += tokens
    }

    /// The bank took the money back for the time being; an inquiry, which only asks, changes nothing (`domain.md` 7.7).
    /// - Throws: a refusal; nothing changed.
    public mutating func disputed() throws(ReversalRefusal) {
        if state.status == .disputed { return }
        guard state.status.canBecome(.disputed) else { throw .purchaseNotCompleted }
        state.statusBeforeDispute = state.status
        become(.disputed)
    }

    /// The dispute ended.
    /// - Throws: a refusal; nothing changed.
    public mutating func disputeEnded(won: Bool) throws(ReversalRefusal) {
        guard state.status == .disputed, let before = state.statusBeforeDispute else { throw .noDispute }
        become(won ? before : .chargedBack)
        state.statusBeforeDispute = nil
    }
}
