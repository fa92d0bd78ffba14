/// Whether a lot's tokens were given or sold. Promotional ones burn first (`domain.md` 3.3).
public enum LotKind: String, Hashable, Sendable, CaseIterable {
    case promotional
    case paid
}

/// Tokens that arrived together (`domain.md` 3.1). Money is not here, the meter has no use for it: `LotSale` holds what was paid.
public struct Lot: Hashable, Sendable {
    /// Number within the wallet, from 1, without gap.
    public let id: Int64
    public let granted: Int64
    public var remaining: Int64
    /// The part of `remaining` that holds have set aside.
    public var held: Int64
    /// 0 to 100, lower burns first.
    public let priority: Int16
    public let kind: LotKind
    public let effectiveAt: Moment
    /// The exclusive end; nil means never.
    public var expiresAt: Moment?
    public let createdAt: Moment
    /// Whether the ledger already shows the expiry of what was unheld then. What holds still pin may be captured, nothing else.
    public var expiryPosted: Bool

    public init(
        id: Int64, granted: Int64, remaining: Int64, held: Int64 = 0, priority: Int16 = Lot.defaultPriority, kind: LotKind,
        effectiveAt: Moment, expiresAt: Moment? = nil, createdAt: Moment, expiryPosted: Bool = false
    ) {
        self.id = id
        self.granted = granted
        self.remaining = remaining
        self.held = held
        self.priority = priority
        self.kind = kind
        self.effectiveAt = effectiveAt
        self.expiresAt = expiresAt
        self.createdAt = createdAt
        self.expiryPosted = expiryPosted
    }

    public static let defaultPriority: Int16 = 50

    /// Tokens that no hold has set aside.
    public var unheld: Int64 { remaining - held }

    /// Whether the lot can pay for an event of time `time` that is handled at `moment` (`domain.md` 3.2). A lot pays for events
    /// from before it came: a late report of use is still use.
    public func isSpendable(at time: Moment, handledAt moment: Moment) -> Bool {
        guard !expiryPosted, effectiveAt <= moment else { return false }
        guard let expiresAt else { return true }
        return time < expiresAt
    }

    /// The burn order (`domain.md` 3.3), total over the lots of a wallet.
    public static func burnsBefore(_ left: Lot, _ right: Lot) -> Bool {
        if left.priority != right.priority { return left.priority < right.priority }
        if left.expiresAt != right.expiresAt {
            guard let leftEnd = left.expiresAt else { return false }
            guard let rightEnd = right.expiresAt else { return true }
            return leftEnd < rightEnd
        }
        if left.kind != right.kind { return left.kind == .promotional }
        if left.effectiveAt != right.effectiveAt { return left.effectiveAt < right.effectiveAt }
        if left.createdAt != right.createdAt { return left.createdAt < right.createdAt }
        return left.id < right.id
    }
}
