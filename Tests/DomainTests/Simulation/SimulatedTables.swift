import Domain

/// What the database holds, as far as the rules go: written only by the journals of wallets, checked as the database checks.
struct SimulatedTables {
    /// A wallet's row and everything that hangs on it.
    struct Account {
        /// The wallet row; its lots, debts and coverage stand in the tables below.
        var row: Wallet
        var lots: [Int64: Lot] = [:]
        var coverage: [Coverage] = []
        var debts: [OpenDebt] = []
        var rows: [LedgerRow] = []
        var repayments: [Repayment] = []
        var refunds: [(debit: Int64, refund: Int64, tokens: Int64)] = []
        var holds: [String: Hold] = [:]
    }

    var accounts: [Int: Account] = [:]
    var rates = RateBook()
    var isSystemOn = true
    var decided: [String: (content: String, answer: SimulatedAnswer)] = [:]
    var answered: [String: SimulatedAnswer] = [:]
    var refusals: [String: ModelWorld.Refusal] = [:]

    /// Where a usage row stands; a row of another type may carry the same identity.
    func usage(_ identity: String) -> (organization: Int, row: LedgerRow)? {
        for (organization, account) in accounts {
            if let row = account.rows.first(where: { $0.type == .usage && $0.identity?.id == identity }) { return (organization, row) }
        }
        return nil
    }

    /// A wallet as a step loads it: open lots in any order, debts and coverage only where the row says that there are some.
    func load(_ organization: Int, shuffledBy random: inout SplitMix) -> Wallet? {
        guard let account = accounts[organization] else { return nil }
        let row = account.row
        return Wallet(
            id: row.id, organization: row.organization, status: row.status, balance: row.balance, held: row.held, debt: row.debt,
            overdraft: row.overdraft, totals: row.totals, trialUsesLeft: row.trialUsesLeft, allowance: row.allowance,
            sequence: row.sequence, recordedAt: row.recordedAt, lastLotID: row.lastLotID,
            lots: account.lots.values.filter { $0.remaining > 0 }.sorted { $0.id < $1.id }.shuffled(using: &random),
            hasCoverage: row.hasCoverage, coverage: row.hasCoverage ? account.coverage : [],
            openDebts: row.debt > 0 ? account.debts.filter { $0.outstanding > 0 } : [])
    }

    /// Stores what a wallet's journal tells, and nothing else of it.
    mutating func store(_ wallet: Wallet, of organization: Int) throws(SimulationFailure) {
        let journal = wallet.journal
        guard !journal.isEmpty, var account = accounts[organization] else { return }
        for row in journal.rows {
            guard row.sequence == Int64(account.rows.count + 1) else { throw SimulationFailure("sequence jumps to \(row.sequence)") }
            if row.type == .usage, let identity = row.identity, usage(identity.id) != nil || account.has(identity) {
                throw SimulationFailure("\(identity.id) has two usage rows")
            }
            account.rows.append(row)
        }
        for id in journal.newLots.map(\.lot) + journal.changedLots {
            guard let lot = wallet.lot(id) else { throw SimulationFailure("the journal names lot \(id), the wallet has none") }
            guard 0 <= lot.held, lot.held <= lot.remaining, lot.remaining <= lot.granted else {
                throw SimulationFailure("lot \(id) is out of bounds")
            }
            account.lots[id] = lot
        }
        account.debts += journal.newDebts
        for debt in journal.changedDebts {
            guard let place = account.debts.firstIndex(where: { $0.sequence == debt.sequence }) else {
                throw SimulationFailure("debt \(debt.sequence) is changed but was never made")
            }
            account.debts[place] = debt
        }
        account.repayments += journal.repayments
        let old = account.row
        account.row = Wallet(
            id: old.id, organization: old.organization, status: journal.settingsChanged ? wallet.status : old.status,
            balance: wallet.balance, held: wallet.held, debt: wallet.debt,
            overdraft: journal.settingsChanged ? wallet.overdraft : old.overdraft, totals: wallet.totals,
            trialUsesLeft: wallet.trialUsesLeft,
            allowance: Allowance(
                tokens: journal.allowanceChanged ? wallet.allowance.tokens : old.allowance.tokens,
                next: journal.allowanceChanged ? wallet.allowance.next : old.allowance.next, month: wallet.allowance.month),
            sequence: wallet.sequence, recordedAt: wallet.recordedAt, lastLotID: wallet.lastLotID,
            hasCoverage: journal.settingsChanged ? wallet.hasCoverage : old.hasCoverage)
        accounts[organization] = account
    }
}

extension SimulatedTables.Account {
    fileprivate func has(_ identity: EventIdentity) -> Bool {
        rows.contains { $0.type == .usage && $0.identity == identity }
    }
}

/// A difference between product and model, or an identity that does not hold.
struct SimulationFailure: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
