/// Where a dispute stands (`domain.md` 7.7); the words are those of `purchase_disputes.status`.
public enum DisputeStatus: String, Hashable, Sendable, CaseIterable {
    /// The bank asks; no money has moved.
    case inquiry
    /// The money was withdrawn, and tokens were taken for it.
    case withdrawn
    case won
    case lost
    /// An inquiry that ended without a withdrawal.
    case closed

    /// The database refuses other moves.
    public func canBecome(_ next: DisputeStatus) -> Bool {
        switch self {
        case .inquiry: [.withdrawn, .closed, .won, .lost].contains(next)
        case .withdrawn: next == .won || next == .lost
        case .closed: next == .withdrawn
        case .won, .lost: false
        }
    }
}

/// What the gateway says about a dispute.
public enum DisputeNews: String, Hashable, Sendable, CaseIterable {
    case opened
    case fundsWithdrawn = "funds_withdrawn"
    case won
    case lost
    case closed
}

/// What a dispute's news lead to.
public enum DisputeAction: String, Hashable, Sendable, CaseIterable {
    case alertOperator = "alert_operator"
    /// `Wallet.takeForDispute`, `Purchase.disputed`, and suspension where `TOKEN_DISPUTE_SUSPENDS` wants it.
    case takeTokens = "take_tokens"
    /// `Wallet.returnDispute`, `Purchase.disputeEnded`.
    case returnTokens = "return_tokens"
    case chargeBack = "charge_back"
}

/// A customer's bank took a charge back, or asks about it.
public struct Dispute: Hashable, Sendable {
    public let amount: Money
    public internal(set) var status: DisputeStatus

    public init(amount: Money, status: DisputeStatus = .inquiry) {
        self.amount = amount
        self.status = status
    }

    /// News from the gateway, in any order and as often as it likes: the end may come before the beginning.
    public mutating func heard(_ news: DisputeNews) -> [DisputeAction] {
        switch (status, news) {
        case (.inquiry, .opened): return [.alertOperator]
        case (.inquiry, .fundsWithdrawn), (.closed, .fundsWithdrawn):
            status = .withdrawn
            return [.alertOperator, .takeTokens]
        case (.inquiry, .closed):
            status = .closed
            return []
        case (.inquiry, .won):
            // The withdrawal comes late, and finds the money back already.
            status = .won
            return []
        case (.inquiry, .lost):
            // The withdrawal was never heard of, but it happened.
            status = .lost
            return [.alertOperator, .takeTokens, .chargeBack]
        case (.withdrawn, .won):
            status = .won
            return [.returnTokens]
        case (.withdrawn, .lost):
            status = .lost
            return [.chargeBack]
        default: return []
        }
    }
}
