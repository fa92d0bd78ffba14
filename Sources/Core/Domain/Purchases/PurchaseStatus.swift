/// Where a purchase stands (`domain.md` 7.1); the words are those of `token_purchases.status`.
public enum PurchaseStatus: String, Hashable, Sendable, CaseIterable {
    case pending
    case processing
    case completed
    case failed
    case cancelled
    case partiallyRefunded = "partially_refunded"
    case refunded
    case disputed
    case chargedBack = "charged_back"

    /// Whether the move is one of 7.1. Out of `disputed` a purchase goes back to where it was, or is charged back; where it was is the
    /// purchase's to know. The database refuses the same moves.
    public func canBecome(_ next: PurchaseStatus) -> Bool {
        switch self {
        case .pending: [.processing, .cancelled].contains(next)
        case .processing: [.completed, .failed, .cancelled].contains(next)
        case .completed, .partiallyRefunded: [.partiallyRefunded, .refunded, .disputed].contains(next)
        case .refunded: next == .disputed
        case .disputed: [.completed, .partiallyRefunded, .refunded, .chargedBack].contains(next)
        case .failed, .cancelled, .chargedBack: false
        }
    }

    /// Whether the money came and the tokens were credited, whatever happened afterwards.
    public var wasCompleted: Bool {
        switch self {
        case .pending, .processing, .failed, .cancelled: false
        case .completed, .partiallyRefunded, .refunded, .disputed, .chargedBack: true
        }
    }
}

/// What a `processing` purchase is waiting for (`domain.md` 7.1).
public enum PurchasePhase: String, Hashable, Sendable, CaseIterable {
    /// A call to the gateway is on its way.
    case charging
    /// The next attempt has its moment, or waits for a new payment method.
    case retryWaiting = "retry_waiting"
    /// The customer has to do something on a page of the gateway.
    case customerAction = "customer_action"
    /// Nobody knows yet whether the customer was charged.
    case unknown
    /// An operator has to look at it.
    case parked
}

/// What made a purchase (`domain.md` 7.2).
public enum PurchaseType: String, Hashable, Sendable, CaseIterable {
    case oneTime = "one_time"
    case subscription
    case autoTopup = "auto_topup"
}
