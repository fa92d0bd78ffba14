/// What kind of change a ledger row records (`domain.md` 4.2).
public enum LedgerType: String, Hashable, Sendable, CaseIterable {
    case purchase
    case grant
    case usage
    case usageRefund = "usage_refund"
    case purchaseRefund = "purchase_refund"
    case dispute
    case expiry
    case adjustment
    case allowance
}

/// How a usage event, a hold or a capture ended (`domain.md` 5.3, 6.1).
public enum UsageOutcome: String, Hashable, Sendable, CaseIterable {
    /// Lots paid all of it.
    case debited
    /// Lots and overdraft paid.
    case overdrawn
    /// An unlimited subscription covered it.
    case covered
    /// A trial use paid for it.
    case trial
    /// The system is disabled: recorded, not charged.
    case shadow
    /// Refused by a rule; the reason stands beside it.
    case rejected
    /// Tokens are set aside; only a hold ends so.
    case held
}

/// The identity of a message: (`source`, `id`), unique for ever over usage rows (`domain.md` 5.1).
public struct EventIdentity: Hashable, Sendable {
    @ExactText public private(set) var source: String
    @ExactText public private(set) var id: String

    public init(source: String, id: String) {
        self.source = source
        self.id = id
    }

    /// Sources are few, ids are many: the id alone tells nearly all apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(_id)
    }
}

/// One immutable row of `token_balance_history` (`domain.md` 2, 4).
public struct LedgerRow: Hashable, Sendable {
    public var walletID: Int64
    /// 1, 2, 3, ... without gap within the wallet.
    public var sequence: Int64
    public var type: LedgerType
    /// Signed tokens; 0 for usage that moved nothing.
    public var amount: Int64
    public var balanceAfter: Int64
    /// Only on rows of type `usage`.
    public var outcome: UsageOutcome?
    public var reason: String?
    /// What caused the row; unique only over rows of type `usage`.
    public var identity: EventIdentity?
    public var service: String?
    public var quantity: Int64?
    public var purchaseReference: String?
    public var occurredAt: Moment
    /// The recorded moment; never before the wallet's previous row.
    public var createdAt: Moment
    public var description: String?
    /// JSON exactly as it was received.
    public var metadata: String?
    /// In the order drawn; for a refund in the order returned.
    public var draws: [Draw]
    /// The event's own token count, a part of its content (`domain.md` 5.1); not part of the digest.
    public var tokens: Int64?

    /// A row without the fields that only some types have.
    public init(
        walletID: Int64, sequence: Int64, type: LedgerType, amount: Int64, balanceAfter: Int64, occurredAt: Moment, createdAt: Moment
    ) {
        self.walletID = walletID
        self.sequence = sequence
        self.type = type
        self.amount = amount
        self.balanceAfter = balanceAfter
        self.occurredAt = occurredAt
        self.createdAt = createdAt
        self.draws = []
    }
}
