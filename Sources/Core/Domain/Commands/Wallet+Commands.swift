/// Why a wallet command was refused. A retry makes sense only after the wallet changed.
public enum WalletRefusal: String, Error, Hashable, Sendable {
    case unknownOrganization = "unknown_organization"
    /// A negative adjustment beyond the unheld tokens (`domain.md` 4.2).
    case insufficientTokens = "insufficient_tokens"
    /// A limit below the present debt (`domain.md` 3.6).
    case limitBelowDebt = "overdraft_limit_below_debt"
    /// A lot that would end before it starts, or has ended already.
    case alreadyExpired = "already_expired"
    case overflow
}

/// Tokens that staff gives (W7).
public struct Grant: Hashable, Sendable {
    /// At least 1.
    public var tokens: Int64
    public var kind: LotKind
    public var priority: Int16
    /// Nil means now.
    public var effectiveAt: Moment?
    public var expiresAt: Moment?
    public var reason: String?
    public var metadata: String?

    public init(
        tokens: Int64, kind: LotKind = .promotional, priority: Int16 = Lot.defaultPriority, effectiveAt: Moment? = nil,
        expiresAt: Moment? = nil, reason: String? = nil, metadata: String? = nil
    ) {
        self.tokens = tokens
        self.kind = kind
        self.priority = priority
        self.effectiveAt = effectiveAt
        self.expiresAt = expiresAt
        self.reason = reason
        self.metadata = metadata
    }
}

extension Wallet {
    /// Opens a wallet that has just come into being: its welcome grant, once ever, and this month's allowance (W6, `domain.md` 12.3).
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public mutating func open(welcomeGrant: Int64, cause: EventIdentity, at moment: Moment) throws(AmountError) {
        self.cause = cause
        announce(.opened)
        try beginWithAllowance(cause, at: moment)
        guard welcomeGrant > 0 else { return }
        try addGrant(Grant(tokens: welcomeGrant, reason: "welcome grant"), at: moment)
    }

    /// Gives tokens as a lot of their own; what is owed is repaid from them at once (`domain.md` 3.6).
    /// - Throws: a refusal; the caller keeps its copy.
    public mutating func grant(_ grant: Grant, cause: EventIdentity, at moment: Moment) throws(WalletRefusal) {
        let starts = grant.effectiveAt ?? moment
        if let end = grant.expiresAt, end <= moment || end <= starts { throw .alreadyExpired }
        do {
            begin(cause, at: moment)
            try addGrant(grant, at: moment)
        } catch {
            throw .overflow
        }
    }

    private mutating func addGrant(_ grant: Grant, at moment: Moment) throws(AmountError) {
        try credit(.grant, grant, at: moment)
        announce(.granted(lotGrant(.grant, grant, at: moment)))
        settle(.credit, at: moment)
    }

    private mutating func credit(_ type: LedgerType, _ grant: Grant, at moment: Moment) throws(AmountError) {
        let lot = try addLot(
            grant.tokens, kind: grant.kind, priority: grant.priority, effectiveAt: grant.effectiveAt ?? moment, expiresAt: grant.expiresAt,
            createdAt: moment)
        let sequence = try record(type, grant.tokens, occurredAt: moment, at: moment) { row in
            row.reason = grant.reason
            row.metadata = grant.metadata
        }
        journal.newLots.append(NewLot(lot: lot, origin: type, originSequence: sequence, description: grant.reason))
    }

    /// The newest lot, as it is announced.
    private func lotGrant(_ origin: LedgerType, _ grant: Grant, at moment: Moment) -> LotGrant {
        LotGrant(
            lot: lastLotID, tokens: grant.tokens, kind: grant.kind, origin: origin, effectiveAt: grant.effectiveAt ?? moment,
            expiresAt: grant.expiresAt, reason: grant.reason)
    }

    /// Corrects a balance by hand (`domain.md` 4.2): upwards as a promotional lot, downwards from unheld tokens in burn order.
    /// - Throws: a refusal; the caller keeps its copy.
    public mutating func adjust(
        by tokens: Int64, reason: String, metadata: String?, cause: EventIdentity, at moment: Moment
    ) throws(WalletRefusal) {
        do {
            begin(cause, at: moment)
            if tokens > 0 {
                let grant = Grant(tokens: tokens, reason: reason, metadata: metadata)
                try credit(.adjustment, grant, at: moment)
                announce(.granted(lotGrant(.adjustment, grant, at: moment)))
            } else {
                let wanted = try Int64(0).minus(tokens)
                guard wanted <= unheld(at: moment, handledAt: moment) else { throw WalletRefusal.insufficientTokens }
                let draws = burn(wanted, at: moment, handledAt: moment)
                try record(.adjustment, tokens, occurredAt: moment, at: moment) { row in
                    row.reason = reason
                    row.metadata = metadata
                    row.draws = draws
                }
            }
            settle(.credit, at: moment)
        } catch let refusal as WalletRefusal {
            throw refusal
        } catch {
            throw .overflow
        }
    }

    /// Begins a step that changes settings only: status, overdraft, trial uses, coverage. Like every step on a wallet it first repays
    /// from what has become free meanwhile (`domain.md` 3.6); the functions that change settings know no moment and leave that to this.
    public mutating func beginSettings(cause: EventIdentity, at moment: Moment) {
        begin(cause, at: moment)
    }

    /// Stops debits and new holds; answers whether anything changed (W4).
    public mutating func suspend(reason: String?, cause: EventIdentity) -> Bool {
        self.cause = cause
        guard status == .active else { return false }
        status = .suspended
        journal.settingsChanged = true
        announce(.suspended(reason: reason))
        return true
    }

    /// Lets debits through again; answers whether anything changed (W4).
    public mutating func reactivate(cause: EventIdentity) -> Bool {
        self.cause = cause
        guard status == .suspended else { return false }
        status = .active
        journal.settingsChanged = true
        announce(.reactivated)
        return true
    }

    /// Sets how far the wallet may go below zero (W5). A limit below the present debt is refused (`domain.md` 3.6).
    /// - Throws: `limitBelowDebt`; the caller keeps its copy.
    public mutating func setOverdraft(_ overdraft: Overdraft) throws(WalletRefusal) {
        guard overdraft.allows(debt: debt) else { throw .limitBelowDebt }
        self.overdraft = overdraft
        journal.settingsChanged = true
    }

    /// Sets how many trial uses are left (U4).
    public mutating func setTrialUses(_ uses: Int64) {
        trialUsesLeft = uses
        journal.countersChanged = true
    }

    /// Sets the allowance from the next month on (`domain.md` 12.3). This month's is made first, so that the change cannot touch it.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public mutating func setMonthlyAllowance(_ tokens: Int64, cause: EventIdentity, at moment: Moment) throws(AmountError) {
        try beginWithAllowance(cause, at: moment)
        allowance.next = tokens
        journal.allowanceChanged = true
    }

    /// Notes that coverage was given, so that later steps load it.
    public mutating func noteCoverage(_ coverage: [Coverage]) {
        self.coverage = coverage
        hasCoverage = true
        journal.settingsChanged = true
    }
}
