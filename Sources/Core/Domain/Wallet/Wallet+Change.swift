/// The primitive moves that every rule is made of. Each keeps `domain.md` 3.4: balance = sum of `remaining` - debt.
extension Wallet {
    /// Appends a ledger row and moves the posted balance by its amount.
    ///
    /// `fill` sets the fields that only some types have. The recorded moment never lies before the row before.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    @discardableResult
    mutating func record(
        _ type: LedgerType, _ amount: Int64, occurredAt: Moment, at moment: Moment, _ fill: (inout LedgerRow) -> Void = { _ in }
    ) throws(AmountError) -> Int64 {
        let newBalance = try balance.plus(amount)
        try count(type, amount)
        balance = newBalance
        sequence += 1
        recordedAt = max(recordedAt, moment)
        var row = LedgerRow(
            walletID: id, sequence: sequence, type: type, amount: amount, balanceAfter: newBalance, occurredAt: occurredAt,
            createdAt: recordedAt)
        row.identity = cause
        fill(&row)
        journal.rows.append(row)
        return sequence
    }

    /// Notes something to tell the world, with the wallet's place in its history.
    mutating func announce(_ announcement: Announcement) {
        journal.announcements.append(Announced(announcement: announcement, sequence: sequence, balanceAfter: balance, cause: cause))
    }

    /// Which total a row counts in (`domain.md` 2).
    private mutating func count(_ type: LedgerType, _ amount: Int64) throws(AmountError) {
        switch type {
        case .purchase: totals.purchased = try totals.purchased.plus(amount)
        case .usage, .usageRefund: totals.spent = try totals.spent.minus(amount)
        case .expiry: totals.expired = try totals.expired.minus(amount)
        case .purchaseRefund, .dispute: totals.refunded = try totals.refunded.minus(amount)
        case .grant, .adjustment, .allowance: break
        }
    }

    /// Takes unheld tokens from spendable lots in burn order, at most `tokens`.
    mutating func burn(_ tokens: Int64, at time: Moment, handledAt moment: Moment) -> [Draw] {
        var draws: [Draw] = []
        var rest = tokens
        for index in lots.indices where rest > 0 {
            guard lots[index].unheld > 0, lots[index].isSpendable(at: time, handledAt: moment) else { continue }
            let taken = min(rest, lots[index].unheld)
            lots[index].remaining -= taken
            rest -= taken
            draws.append(Draw(.lot(lots[index].id), taken))
            journal.noteChanged(lots[index].id)
        }
        return draws
    }

    /// Makes sure that so many more tokens fit into the wallet: beside a large debt the lots can outgrow what the balance shows.
    /// - Throws: `AmountError.overflow`; nothing has changed, a retry makes no sense.
    func ensureRoom(for tokens: Int64) throws(AmountError) {
        let sum = lots.reduce(Int128(tokens)) { $0 + Int128($1.remaining) }
        guard sum <= Int128(Int64.max) else { throw .overflow }
    }

    /// Puts a new lot among the others. The caller records the ledger row that goes with it.
    /// - Throws: `AmountError.overflow` before anything changed; a retry makes no sense.
    mutating func addLot(
        _ tokens: Int64, kind: LotKind, priority: Int16 = Lot.defaultPriority, effectiveAt: Moment, expiresAt: Moment?, createdAt: Moment
    ) throws(AmountError) -> Int64 {
        try ensureRoom(for: tokens)
        lastLotID += 1
        restore(
            Lot(
                id: lastLotID, granted: tokens, remaining: tokens, priority: priority, kind: kind, effectiveAt: effectiveAt,
                expiresAt: expiresAt, createdAt: createdAt))
        return lastLotID
    }

    /// Repays debt from tokens that are free now, oldest debit first (`domain.md` 3.6). The balance does not change by it.
    ///
    /// What is free is burned once, and the draws are handed to the debits in turn: a wallet can have hundreds of thousands of them.
    mutating func repayDebts(_ cause: RepaymentCause, at moment: Moment) {
        var place = 0
        for draw in burn(debt, at: moment, handledAt: moment) {
            guard case .lot(let lot) = draw.source else { continue }
            var rest = draw.tokens
            while rest > 0 {
                while openDebts[place].outstanding == 0 { place += 1 }
                let tokens = min(rest, openDebts[place].outstanding)
                openDebts[place].outstanding -= tokens
                debt -= tokens
                rest -= tokens
                journal.repayments.append(
                    Repayment(
                        debitSequence: openDebts[place].sequence, lot: lot, tokens: tokens, cause: cause, after: sequence))
                journal.noteChanged(openDebts[place])
            }
        }
    }

    /// Ends a step: debt is repaid from what became free, and lots without tokens leave the list.
    mutating func settle(_ cause: RepaymentCause, at moment: Moment) {
        if debt > 0 { repayDebts(cause, at: moment) }
        guard lots.contains(where: { $0.remaining == 0 }) else { return }
        for lot in lots where lot.remaining == 0 { dormantLots.append(lot) }
        lots.removeAll { $0.remaining == 0 }
    }

    /// Where a lot stands among the wallet's lots; a dormant one is woken for it. Nil: the lot was not loaded.
    mutating func indexOfLot(_ id: Int64) -> Int? {
        if let index = lots.firstIndex(where: { $0.id == id }) { return index }
        guard let dormant = dormantLots.firstIndex(where: { $0.id == id }) else { return nil }
        restore(dormantLots.remove(at: dormant))
        return lots.firstIndex { $0.id == id }
    }

    /// Begins a step for a message: debt is repaid from lots that have started meanwhile (`domain.md` 3.6).
    mutating func begin(_ cause: EventIdentity, at moment: Moment) {
        self.cause = cause
        if debt > 0 { settle(.start, at: moment) }
    }

    /// Begins a step that makes this month's allowance if none did before: a debit, a hold, the opening, the tick (`domain.md` 12.3).
    /// - Throws: `AmountError.overflow` before anything changed; a retry makes no sense.
    mutating func beginWithAllowance(_ cause: EventIdentity, at moment: Moment) throws(AmountError) {
        self.cause = cause
        var source = RepaymentCause.start
        if allowance.month != Month(of: moment), try makeMonthlyAllowance(at: moment) { source = .credit }
        if debt > 0 { settle(source, at: moment) }
    }
}
