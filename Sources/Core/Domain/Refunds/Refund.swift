/// Where a refund stands (`domain.md` 7.6); the words are those of `purchase_refunds.status`.
public enum RefundStatus: String, Hashable, Sendable, CaseIterable {
    /// The tokens are taken.
    case requested
    /// The gateway was told.
    case sent
    /// The gateway says that the money went back.
    case succeeded
    /// The tokens are back.
    case failed

    /// The database refuses other moves.
    public func canBecome(_ next: RefundStatus) -> Bool {
        switch self {
        case .requested: next == .sent
        case .sent: next == .succeeded || next == .failed
        case .succeeded, .failed: false
        }
    }

    /// Only one such refund per purchase at a time.
    public var isUnderWay: Bool { self == .requested || self == .sent }
}

/// What the gateway says about a refund.
public enum RefundNews: String, Hashable, Sendable, CaseIterable {
    case pending
    case succeeded
    case failed
}

/// What a refund's news lead to.
public enum RefundAction: Hashable, Sendable {
    /// Credit note, and the state of the purchase.
    case completeRefund
    /// `Wallet.returnRefund`.
    case returnTokens
    case alertOperator(OperatorAlert)
}

/// A refund of a completed purchase.
public struct Refund: Hashable, Sendable {
    /// Nil for a period of an unlimited subscription, which has no tokens.
    public let taken: TakenTokens?
    /// What the customer gets back.
    public let total: Money
    public internal(set) var status: RefundStatus
    /// When the gateway was told, or asked, the last time.
    public internal(set) var calledAt: Moment?
    /// Whether an alert was raised because it failed after it had succeeded.
    public internal(set) var failedLate: Bool

    public init(
        taken: TakenTokens?, total: Money, status: RefundStatus = .requested, calledAt: Moment? = nil, failedLate: Bool = false
    ) {
        self.taken = taken
        self.total = total
        self.status = status
        self.calledAt = calledAt
        self.failedLate = failedLate
    }

    /// The gateway is about to be told; again with the same key when nobody knows whether it was. Answers whether to call it.
    public mutating func sending(at moment: Moment) -> Bool {
        guard status.isUnderWay else { return false }
        status = .sent
        calledAt = moment
        return true
    }

    /// News from the gateway, by its answer, a webhook, or when asked, in any order and as often as it likes.
    public mutating func heard(_ news: RefundNews) -> [RefundAction] {
        switch (status, news) {
        case (.sent, .succeeded):
            status = .succeeded
            return [.completeRefund]
        case (.sent, .failed):
            status = .failed
            return taken == nil ? [] : [.returnTokens]
        case (.succeeded, .failed):
            if failedLate { return [] }
            failedLate = true
            return [.alertOperator(.refundFailedLate)]
        default: return []
        }
    }
}
