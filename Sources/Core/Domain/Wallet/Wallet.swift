/// Whether a wallet takes debits (W4).
public enum WalletStatus: String, Hashable, Sendable, CaseIterable {
    case active
    case suspended
}

/// The sums over a wallet's whole life (`domain.md` 2).
public struct WalletTotals: Hashable, Sendable {
    public var purchased: Int64 = 0
    public var spent: Int64 = 0
    public var expired: Int64 = 0
    public var refunded: Int64 = 0

    public init(purchased: Int64 = 0, spent: Int64 = 0, expired: Int64 = 0, refunded: Int64 = 0) {
        self.purchased = purchased
        self.spent = spent
        self.expired = expired
        self.refunded = refunded
    }
}

/// The state of an organization's balance, with what one step has changed on it.
///
/// A step loads wallets under their row locks, calls the functions of this module on them, and stores what `journal` and the changed
/// lots tell, all in one transaction (`domain.md` 5.6). Everything here is a pure function of state, command and moment.
public struct Wallet: Sendable {
    public let id: Int64
    public let organization: String
    public var status: WalletStatus
    /// `current_balance`: the posted balance, the ledger's sum (`domain.md` 3.4).
    public internal(set) var balance: Int64
    /// The sum of `held` over the lots.
    public internal(set) var held: Int64
    /// `overdraft_debt`.
    public internal(set) var debt: Int64
    public internal(set) var overdraft: Overdraft
    public internal(set) var totals: WalletTotals
    public internal(set) var trialUsesLeft: Int64
    public internal(set) var allowance: Allowance
    /// The newest ledger row's sequence, 0 before the first.
    public internal(set) var sequence: Int64
    /// The moment of the newest ledger row, or of the wallet's opening.
    public internal(set) var recordedAt: Moment
    /// The newest lot's number, 0 before the first.
    public internal(set) var lastLotID: Int64
    /// Lots with tokens in them, in burn order.
    public internal(set) var lots: [Lot]
    /// Lots without tokens that this step knows of: spent in it, or loaded because a refund may return tokens to them.
    public internal(set) var dormantLots: [Lot] = []
    /// Whether any coverage was ever given; only then must `coverage` be loaded.
    public internal(set) var hasCoverage: Bool
    public var coverage: [Coverage]
    /// Oldest first; loaded when there is debt.
    public var openDebts: [OpenDebt]
    /// What this step did.
    public internal(set) var journal = Journal()
    /// The message that is being decided: every row carries the identity of what caused it (`domain.md` 2).
    var cause = EventIdentity(source: "", id: "")

    public init(
        id: Int64, organization: String, status: WalletStatus = .active, balance: Int64 = 0, held: Int64 = 0, debt: Int64 = 0,
        overdraft: Overdraft = .limited(0), totals: WalletTotals = WalletTotals(), trialUsesLeft: Int64 = 0,
        allowance: Allowance = Allowance(), sequence: Int64 = 0, recordedAt: Moment, lastLotID: Int64 = 0, lots: [Lot] = [],
        hasCoverage: Bool = false, coverage: [Coverage] = [], openDebts: [OpenDebt] = []
    ) {
        self.id = id
        self.organization = organization
        self.status = status
        self.balance = balance
        self.held = held
        self.debt = debt
        self.overdraft = overdraft
        self.totals = totals
        self.trialUsesLeft = trialUsesLeft
        self.allowance = allowance
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.lastLotID = lastLotID
        self.lots = lots
        self.hasCoverage = hasCoverage
        self.coverage = coverage
        self.openDebts = openDebts
        arrangeLots()
    }

    /// Adds a lot that was just loaded with its wallet. Call `arrangeLots` after the last one.
    public mutating func load(_ lot: Lot) {
        if lot.remaining == 0 { dormantLots.append(lot) } else { lots.append(lot) }
    }

    /// Puts loaded lots into burn order.
    public mutating func arrangeLots() {
        if lots.count > 1 { lots.sort(by: Lot.burnsBefore) }
    }

    /// Adds lots that are loaded later, keeping the burn order; those without tokens stay dormant, those that are there already are left
    /// alone.
    public mutating func adopt(_ more: [Lot]) {
        let known = Set(lots.map(\.id)).union(dormantLots.map(\.id))
        for lot in more where !known.contains(lot.id) { load(lot) }
        arrangeLots()
    }

    /// A lot by its number, with or without tokens; nil when this step does not know it.
    public func lot(_ id: Int64) -> Lot? {
        lots.first { $0.id == id } ?? dormantLots.first { $0.id == id }
    }

    /// Lots by their numbers, in the order of these, which this step must know.
    public func lots(_ ids: [Int64]) -> [Lot] {
        guard ids.count > NumberSet.few else { return ids.compactMap(lot) }
        let places = Dictionary((lots + dormantLots).map { ($0.id, $0) }) { first, _ in first }
        return ids.compactMap { places[$0] }
    }

    mutating func restore(_ lot: Lot) {
        let place = lots.firstIndex { Lot.burnsBefore(lot, $0) } ?? lots.endIndex
        lots.insert(lot, at: place)
    }

    /// `own(t)` at moment n (`domain.md` 3.5): the remainders of all lots spendable at `time`, minus debt; held tokens are in it.
    public func own(at time: Moment, handledAt moment: Moment) -> Int64 {
        var sum: Int64 = 0
        for lot in lots where lot.isSpendable(at: time, handledAt: moment) { sum += lot.remaining }
        return sum - debt
    }

    /// The unheld tokens of all lots spendable at `time`, without the overdraft.
    public func unheld(at time: Moment, handledAt moment: Moment) -> Int64 {
        var sum: Int64 = 0
        for lot in lots where lot.isSpendable(at: time, handledAt: moment) { sum += lot.unheld }
        return sum
    }

    /// `available(t)` (`domain.md` 3.5): unheld tokens and what is left of a limited overdraft, at most `Int64.max`. An unlimited one
    /// adds nothing.
    public func available(at time: Moment, handledAt moment: Moment) -> Int64 {
        let tokens = unheld(at: time, handledAt: moment)
        guard case .limited(let limit) = overdraft else { return tokens }
        // A limit may be as large as a number can be; what is shown then is the largest number.
        let (sum, overflow) = tokens.addingReportingOverflow(max(0, limit - debt))
        return overflow ? .max : sum
    }

    /// What a caller is shown (`domain.md` 3.4, `messages.md` Answers).
    public func figures(at moment: Moment) -> WalletFigures {
        WalletFigures(
            balance: own(at: moment, handledAt: moment), available: available(at: moment, handledAt: moment),
            unheld: unheld(at: moment, handledAt: moment), held: held,
            trialUsesLeft: trialUsesLeft, overdraft: overdraft, status: status, sequence: sequence)
    }

    /// Forgets what was done, after it has been stored.
    public mutating func clearJournal() {
        journal = Journal()
    }
}

/// The figures of a wallet that answers show.
public struct WalletFigures: Hashable, Sendable {
    /// own(now): what can be used, held tokens included.
    public let balance: Int64
    public let available: Int64
    /// What of it is tokens: all that a hold may pin, since overdraft does not count for holds (`domain.md` 6.1).
    public let unheld: Int64
    public let held: Int64
    public let trialUsesLeft: Int64
    public let overdraft: Overdraft
    public let status: WalletStatus
    public let sequence: Int64
}
