extension Wallet {
    /// Decides a priced usage event and records its ledger row (`domain.md` 5.3, 5.4, 4.1). The outcome is final.
    ///
    /// The caller has made sure that no event of this identity was decided before. A debit is all or nothing.
    /// - Throws: `AmountError.overflow` before the event changed anything; the wallet stays in order, and a retry makes no sense.
    public mutating func decide(
        _ event: UsageEvent, _ priced: PricedUsage, at moment: Moment, systemEnabled: Bool
    ) throws(AmountError) -> UsageDecision {
        try charge(
            UsageCharge(
                identity: event.identity, service: event.service, quantity: event.quantity, tokens: event.tokenCount, time: event.time,
                metadata: event.metadata),
            priced, at: moment, systemEnabled: systemEnabled)
    }

    /// What `decide` does, for usage that may also be a late capture.
    mutating func charge(
        _ charge: UsageCharge, _ priced: PricedUsage, at moment: Moment, systemEnabled: Bool
    ) throws(AmountError) -> UsageDecision {
        try beginWithAllowance(charge.identity, at: moment)
        let verdict = authorize(
            priced.cost, of: charge.service, rate: priced.rate, at: charge.time, handledAt: moment, systemEnabled: systemEnabled)
        let before = available(at: charge.time, handledAt: moment)
        switch verdict {
        case .shadow: try recordUsage(charge, .shadow, at: moment)
        case .covered: try recordUsage(charge, .covered, at: moment)
        case .trial: try spendTrial(charge, at: moment)
        case .tokens, .overdraft:
            let overdrawn = if case .overdraft(let shortfall) = verdict { shortfall } else { Int64(0) }
            try debit(charge, priced.cost, overdrawn: overdrawn, at: moment)
            settle(.start, at: moment)
            return UsageDecision(
                outcome: overdrawn > 0 ? .overdrawn : .debited, tokens: priced.cost, required: priced.cost, available: before)
        case .suspended: return try reject(charge, .walletSuspended, priced.cost, before, at: moment)
        case .insufficient: return try reject(charge, .insufficientTokens, priced.cost, before, at: moment)
        }
        let outcome: UsageOutcome = verdict == .shadow ? .shadow : verdict == .covered ? .covered : .trial
        return UsageDecision(outcome: outcome, tokens: 0, required: priced.cost, available: before)
    }

    private mutating func debit(_ charge: UsageCharge, _ cost: Int64, overdrawn: Int64, at moment: Moment) throws(AmountError) {
        // The only sum that can still overflow; nothing has been taken yet.
        _ = try totals.spent.plus(cost)
        var draws = burn(cost - overdrawn, at: charge.time, handledAt: moment)
        if overdrawn > 0 {
            draws.append(Draw(.debt, overdrawn))
            debt += overdrawn
        }
        // Without bound, somebody has to look at every overdrawn debit (W5).
        let review = overdrawn > 0 && overdraft == .unlimited
        let sequence = try recordUsage(
            charge, overdrawn > 0 ? .overdrawn : .debited, amount: -cost, reason: review ? "review" : nil, draws: draws, at: moment)
        guard overdrawn > 0 else { return }
        let open = OpenDebt(sequence: sequence, overdrawn: overdrawn, outstanding: overdrawn)
        openDebts.append(open)
        journal.newDebts.append(open)
        announce(
            .overdrawn(charge.identity, service: charge.service, tokens: cost, overdrawn: overdrawn, debt: debt, review: review))
    }

    private mutating func spendTrial(_ charge: UsageCharge, at moment: Moment) throws(AmountError) {
        trialUsesLeft -= 1
        try recordUsage(charge, .trial, at: moment)
        if trialUsesLeft == 0 { announce(.trialExhausted(service: charge.service)) }
    }

    private mutating func reject(
        _ charge: UsageCharge, _ reason: UsageReason, _ required: Int64, _ available: Int64, at moment: Moment
    ) throws(AmountError) -> UsageDecision {
        try recordUsage(charge, .rejected, reason: reason.rawValue, at: moment)
        let decision = UsageDecision(outcome: .rejected, tokens: 0, reason: reason, required: required, available: available)
        announce(
            .usageRejected(
                charge.identity, service: charge.service, reason: reason, required: required, missing: decision.missing))
        return decision
    }

    /// Appends a row of type `usage`. A late capture says so in `reason`.
    @discardableResult
    mutating func recordUsage(
        _ charge: UsageCharge, _ outcome: UsageOutcome, amount: Int64 = 0, reason: String? = nil, draws: [Draw] = [], at moment: Moment
    ) throws(AmountError) -> Int64 {
        try record(.usage, amount, occurredAt: charge.time, at: moment) { row in
            row.outcome = outcome
            row.reason = charge.isLate ? (reason.map { "late," + $0 } ?? "late") : reason
            row.service = charge.service
            row.quantity = charge.quantity
            row.metadata = charge.metadata
            row.tokens = charge.tokens
            row.draws = draws
        }
    }
}

/// The part of a usage event, or of a capture, that stands in its ledger row.
struct UsageCharge {
    let identity: EventIdentity
    let service: String
    let quantity: Int64?
    let tokens: Int64?
    let time: Moment
    let metadata: String?
    /// A capture that came after the sweep had released its hold (`domain.md` 6.5).
    var isLate = false
}
