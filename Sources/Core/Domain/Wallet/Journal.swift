/// What a step did to one wallet: everything that has to be stored and announced with it.
public struct Journal: Hashable, Sendable {
    /// New ledger rows, in sequence.
    public internal(set) var rows: [LedgerRow] = []
    /// Lots that came into being.
    public internal(set) var newLots: [NewLot] = []
    /// Numbers of lots of before whose `remaining`, `held` or expiry changed.
    public var changedLots: [Int64] { touchedLots.numbers }
    public internal(set) var newDebts: [OpenDebt] = []
    /// Debits of before, or of this step, whose outstanding debt changed.
    public internal(set) var changedDebts: [OpenDebt] = []
    public internal(set) var repayments: [Repayment] = []
    public internal(set) var announcements: [Announced] = []
    /// Whether a counter of the wallet row changed that no other entry shows.
    public internal(set) var countersChanged = false
    /// Whether the allowance changed.
    public internal(set) var allowanceChanged = false
    /// Whether something changed that only commands change: status, overdraft, coverage.
    public internal(set) var settingsChanged = false

    public init() {}

    /// Whether there is anything to store.
    public var isEmpty: Bool {
        rows.isEmpty && newLots.isEmpty && changedLots.isEmpty && newDebts.isEmpty && changedDebts.isEmpty
            && repayments.isEmpty && !countersChanged && !allowanceChanged && !settingsChanged
    }

    private var touchedLots = NumberSet()
    private var changedDebtPlaces: [Int64: Int] = [:]

    mutating func noteChanged(_ lot: Int64) {
        // Numbers go up, so every lot from the first new one on is new.
        if let first = newLots.first, lot >= first.lot { return }
        touchedLots.insert(lot)
    }

    mutating func noteChanged(_ debt: OpenDebt) {
        if let first = newDebts.first, debt.sequence >= first.sequence {
            newDebts[place(ofNewDebt: debt.sequence)].outstanding = debt.outstanding
        } else if let place = changedDebtPlaces[debt.sequence] {
            changedDebts[place] = debt
        } else {
            changedDebtPlaces[debt.sequence] = changedDebts.count
            changedDebts.append(debt)
        }
    }

    /// Debits of this step came in the order of their sequences.
    private func place(ofNewDebt sequence: Int64) -> Int {
        var range = newDebts.indices
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            range = newDebts[middle].sequence <= sequence ? middle..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}

/// A lot that this step made, and the ledger row that it came with.
public struct NewLot: Hashable, Sendable {
    public let lot: Int64
    public let origin: LedgerType
    public let originSequence: Int64
    public let description: String?
    /// What was paid for it; nil for tokens that were given.
    public let sale: LotSale?

    init(lot: Int64, origin: LedgerType, originSequence: Int64, description: String?, sale: LotSale? = nil) {
        self.lot = lot
        self.origin = origin
        self.originSequence = originSequence
        self.description = description
        self.sale = sale
    }
}

/// An announcement and where the wallet stood then: readers drop what is older than what they have (`messages.md`, Events).
public struct Announced: Hashable, Sendable {
    public let announcement: Announcement
    public let sequence: Int64
    public let balanceAfter: Int64
    /// The message that caused it.
    public let cause: EventIdentity
}

/// Something to tell the world, in the terms of the domain; the services turn it into events of `messages.md`.
public enum Announcement: Hashable, Sendable {
    /// `required` is what the event costs, `missing` how much of it nobody could pay.
    case usageRejected(EventIdentity, service: String, reason: UsageReason, required: Int64, missing: Int64)
    /// `overdrawn` is the part of `tokens` that no lot paid; `debt` is the wallet's after it. Somebody has to look at it when `review`
    /// says so (W5).
    case overdrawn(EventIdentity, service: String, tokens: Int64, overdrawn: Int64, debt: Int64, review: Bool)
    case trialExhausted(service: String)
    /// The identity is that of the usage event. A trial use has no tokens to return.
    case usageRefunded(EventIdentity, service: String, tokens: Int64, trialReturned: Bool, reason: String?)
    /// `tokens` are pinned; 0 unless tokens pay for it.
    case holdPlaced(String, service: String, outcome: UsageOutcome, tokens: Int64, endsAt: Moment)
    /// `tokens` were debited, `released` given back; `late` when the sweep had been faster (`domain.md` 6.5).
    case holdCaptured(String, service: String, outcome: UsageOutcome, tokens: Int64, released: Int64, late: Bool)
    case holdReleased(String, service: String, tokens: Int64)
    case holdExpired(String, service: String, tokens: Int64, endedAt: Moment)
    case granted(LotGrant)
    case expired(lot: Int64, tokens: Int64, endedAt: Moment)
    case opened
    case suspended(reason: String?)
    case reactivated
}

/// A lot that nobody paid for, as it is announced.
public struct LotGrant: Hashable, Sendable {
    public let lot: Int64
    public let tokens: Int64
    public let kind: LotKind
    public let origin: LedgerType
    public let effectiveAt: Moment
    /// Nil: never.
    public let expiresAt: Moment?
    public let reason: String?
}
