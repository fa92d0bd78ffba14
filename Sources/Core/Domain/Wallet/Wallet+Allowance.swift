extension Wallet {
    /// Makes this month's allowance, once (`domain.md` 12.3): whichever comes first, the tick, the opening, or the first debit or hold.
    ///
    /// A month in which nothing asked gets none; a change that was set before holds from now on.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public mutating func makeAllowance(cause: EventIdentity, at moment: Moment) throws(AmountError) {
        try beginWithAllowance(cause, at: moment)
    }

    /// Answers whether there was one to make.
    mutating func makeMonthlyAllowance(at moment: Moment) throws(AmountError) -> Bool {
        let month = Month(of: moment)
        if let seen = allowance.month, seen >= month { return false }
        let tokens = allowance.next ?? allowance.tokens
        // Both can fail, so both are asked before anything changes.
        try ensureRoom(for: tokens)
        _ = try balance.plus(tokens)
        if allowance.next != nil {
            allowance.tokens = tokens
            allowance.next = nil
            journal.allowanceChanged = true
        }
        allowance.month = month
        journal.countersChanged = true
        guard tokens > 0 else { return false }
        let began = max(month.start, recordedAtOpening ?? month.start)
        let lot = try addLot(tokens, kind: .promotional, effectiveAt: month.start, expiresAt: month.next.start, createdAt: moment)
        let sequence = try record(.allowance, tokens, occurredAt: began, at: moment) { $0.description = "monthly allowance" }
        journal.newLots.append(NewLot(lot: lot, origin: .allowance, originSequence: sequence, description: "monthly allowance"))
        announce(
            .granted(
                LotGrant(
                    lot: lot, tokens: tokens, kind: .promotional, origin: .allowance, effectiveAt: month.start,
                    expiresAt: month.next.start, reason: "monthly allowance")))
        return true
    }

    /// The moment of opening while nothing is in the ledger yet: a wallet's first row is not dated before it.
    private var recordedAtOpening: Moment? { sequence == 0 ? recordedAt : nil }
}
