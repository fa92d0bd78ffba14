import Domain

/// The identities of `domain.md` 16 that concern one wallet, asked of what is stored, with no model beside it.
enum WalletIdentities {
    /// What does not hold at a moment at which a step has just ended; nil when all is well.
    static func broken(_ account: SimulatedTables.Account, steppedAt now: Moment?) -> String? {
        let row = account.row
        let lots = account.lots.values
        let remaining = lots.reduce(0) { $0 + $1.remaining }
        if row.balance != remaining - row.debt { return "balance is not lots minus debt" }
        if row.held != lots.reduce(0, { $0 + $1.held }) { return "held is not the sum over lots" }
        if row.debt != account.debts.reduce(0, { $0 + $1.outstanding }) { return "debt is not the sum of what is owed" }
        if !row.overdraft.allows(debt: row.debt) { return "debt above the limit" }
        if let now, row.debt > 0, lots.contains(where: { $0.unheld > 0 && $0.isSpendable(at: now, handledAt: now) }) {
            return "debt beside free tokens"
        }
        return ledger(account) ?? held(account) ?? flows(account) ?? debts(account) ?? refunds(account)
    }

    private static func ledger(_ account: SimulatedTables.Account) -> String? {
        var balance: Int64 = 0
        var newest: Moment?
        var totals = WalletTotals()
        for (place, row) in account.rows.enumerated() {
            balance += row.amount
            if row.sequence != Int64(place + 1) { return "the sequence has a gap at \(row.sequence)" }
            if row.balanceAfter != balance { return "balance_after is wrong at \(row.sequence)" }
            if let newest, row.createdAt < newest { return "row \(row.sequence) was recorded before the row before" }
            newest = row.createdAt
            switch row.type {
            case .usage, .usageRefund: totals.spent -= row.amount
            case .expiry: totals.expired -= row.amount
            default: break
            }
            let drawn = row.draws.reduce(0) { $0 + $1.tokens }
            if row.type != .grant, row.type != .allowance, row.amount <= 0 || row.type == .usageRefund, drawn != row.amount.magnitude {
                return "the draws of row \(row.sequence) do not add up"
            }
        }
        if balance != account.row.balance { return "the ledger does not sum to the balance" }
        if totals != account.row.totals { return "the totals are not the sums by type" }
        if account.row.sequence != Int64(account.rows.count) { return "the wallet's sequence is not the newest row's" }
        return nil
    }

    /// Per lot: what open holds pin is what is held.
    private static func held(_ account: SimulatedTables.Account) -> String? {
        var pinned: [Int64: Int64] = [:]
        for hold in account.holds.values where hold.status == .open {
            for pin in hold.pins {
                if case .lot(let id) = pin.source { pinned[id, default: 0] += pin.tokens }
            }
        }
        return account.lots.values.first { $0.held != pinned[$0.id] ?? 0 }.map { "lot \($0.id) holds what no hold pins" }
    }

    /// Per lot: granted = remaining + draws - returns + expiries + repayments.
    private static func flows(_ account: SimulatedTables.Account) -> String? {
        var gone: [Int64: Int64] = [:]
        for row in account.rows {
            let sign: Int64 = row.type == .usageRefund ? -1 : 1
            for draw in row.draws {
                if case .lot(let id) = draw.source { gone[id, default: 0] += sign * draw.tokens }
            }
        }
        // What refunds gave back to a lot that had repaid stands in the refund's row already.
        for repayment in account.repayments where repayment.tokens > 0 { gone[repayment.lot, default: 0] += repayment.tokens }
        for lot in account.lots.values where lot.granted != lot.remaining + (gone[lot.id] ?? 0) {
            return "lot \(lot.id) lost or found tokens"
        }
        return account.row.lastLotID == Int64(account.lots.count) ? nil : "the lots are not numbered without gap"
    }

    /// Per overdrawn debit: overdrawn = owed + repaid + lowered by refunds.
    private static func debts(_ account: SimulatedTables.Account) -> String? {
        for debt in account.debts {
            let repaid = account.repayments.filter { $0.debitSequence == debt.sequence && $0.tokens > 0 }.reduce(0) { $0 + $1.tokens }
            let refunds = Set(account.refunds.filter { $0.debit == debt.sequence }.map(\.refund))
            let lowered = account.rows.filter { refunds.contains($0.sequence) }.flatMap(\.draws).filter { $0.source == .debt }
            if debt.overdrawn != debt.outstanding + repaid + lowered.reduce(0, { $0 + $1.tokens }) {
                return "debt \(debt.sequence) does not add up"
            }
        }
        return nil
    }

    private static func refunds(_ account: SimulatedTables.Account) -> String? {
        for (debit, refunds) in Dictionary(grouping: account.refunds, by: \.debit) {
            let row = account.rows[Int(debit) - 1]
            if refunds.reduce(0, { $0 + $1.tokens }) > -row.amount { return "more than debit \(debit) was refunded" }
            if row.outcome == .trial, refunds.count > 1 { return "the trial of row \(debit) was given back twice" }
        }
        return nil
    }
}
