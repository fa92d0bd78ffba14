import Crypto
import Domain
import Postgres

/// A lot among all wallets.
struct LotKey: Hashable {
    let wallet: Int64
    let lot: Int64
}

/// Collects the changes of a step's wallets as columns: one statement per table, whatever the number of wallets.
struct WalletWriter {
    private var ledger = LedgerColumns()
    private var wallets: [Changed] = []
    /// Those of which only what a debit moves is other than before.
    private var debitedWallets: [Changed] = []
    private var settings: [Wallet] = []
    private var allowances: [Wallet] = []
    private let lotLocations: [LotKey: RowLocation]
    private var changedLots: [(wallet: Int64, lot: Lot)] = []
    private var newLots: [(wallet: Int64, lot: Lot, origin: NewLot)] = []
    private var newDebts: [(wallet: Int64, debt: OpenDebt)] = []
    private var changedDebts: [(wallet: Int64, debt: OpenDebt)] = []
    private var repayments: [(wallet: Wallet, repayment: Repayment)] = []

    private typealias Changed = (wallet: Wallet, stored: StoredWallet)

    init(lotLocations: [LotKey: RowLocation]) {
        self.lotLocations = lotLocations
    }

    /// Makes room at once for what a usual step brings.
    mutating func reserve(rows: Int, wallets: Int) {
        ledger.reserve(rows)
        debitedWallets.reserveCapacity(wallets)
        changedLots.reserveCapacity(wallets)
    }

    /// Takes a wallet's journal and moves its chain's newest digest on.
    mutating func append(_ wallet: Wallet, _ stored: inout StoredWallet) {
        let journal = wallet.journal
        for row in journal.rows { stored.digest = ledger.append(row, after: stored.digest) }
        if RareCounters(wallet) == stored.counters {
            debitedWallets.append((wallet, stored))
        } else {
            wallets.append((wallet, stored))
        }
        if journal.settingsChanged { settings.append(wallet) }
        if journal.allowanceChanged { allowances.append(wallet) }
        let changed = wallet.lots(journal.changedLots)
        precondition(changed.count == journal.changedLots.count, "a changed lot is one of the wallet's lots")
        for lot in changed { changedLots.append((wallet.id, lot)) }
        let new = wallet.lots(journal.newLots.map(\.lot))
        precondition(new.count == journal.newLots.count, "a new lot is one of the wallet's lots")
        for (lot, origin) in zip(new, journal.newLots) { newLots.append((wallet.id, lot, origin)) }
        for debt in journal.newDebts { newDebts.append((wallet.id, debt)) }
        for debt in journal.changedDebts { changedDebts.append((wallet.id, debt)) }
        for repayment in journal.repayments { repayments.append((wallet, repayment)) }
    }

    func requests() -> [Request] {
        var requests: [Request] = []
        if !newLots.isEmpty { requests.append(lotInsertion()) }
        if !ledger.isEmpty { requests.append(ledger.insertion()) }
        if !wallets.isEmpty { requests.append(walletUpdate()) }
        if !debitedWallets.isEmpty { requests.append(debitedWalletUpdate()) }
        if !settings.isEmpty { requests.append(settingsUpdate()) }
        if !allowances.isEmpty { requests.append(allowanceUpdate()) }
        if !changedLots.isEmpty { requests.append(lotUpdate()) }
        if !newDebts.isEmpty { requests.append(debtInsertion()) }
        if !changedDebts.isEmpty { requests.append(debtUpdate()) }
        if !repayments.isEmpty { requests.append(repaymentInsertion()) }
        return requests
    }

    private func walletUpdate() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: wallets.map(\.wallet.id))
        parameters.add(int64s: wallets.map(\.wallet.balance))
        parameters.add(int64s: wallets.map(\.wallet.held))
        parameters.add(int64s: wallets.map(\.wallet.debt))
        parameters.add(int64s: wallets.map(\.wallet.totals.purchased))
        parameters.add(int64s: wallets.map(\.wallet.totals.spent))
        parameters.add(int64s: wallets.map(\.wallet.totals.expired))
        parameters.add(int64s: wallets.map(\.wallet.totals.refunded))
        parameters.add(int64s: wallets.map(\.wallet.trialUsesLeft))
        parameters.add(timestampsOrNil: wallets.map { $0.wallet.allowance.month?.start.microseconds })
        parameters.add(int64s: wallets.map(\.wallet.sequence))
        parameters.add(inlineBytes: wallets.map(\.stored.digest))
        parameters.add(int64s: wallets.map(\.wallet.lastLotID))
        parameters.add(timestamps: wallets.map(\.wallet.recordedAt.microseconds))
        parameters.add(locations: wallets.map(\.stored.location))
        return Request(WalletStatements.update, parameters)
    }

    private func debitedWalletUpdate() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: debitedWallets.map(\.wallet.id))
        parameters.add(int64s: debitedWallets.map(\.wallet.balance))
        parameters.add(int64s: debitedWallets.map(\.wallet.totals.spent))
        parameters.add(int64s: debitedWallets.map(\.wallet.sequence))
        parameters.add(inlineBytes: debitedWallets.map(\.stored.digest))
        parameters.add(timestamps: debitedWallets.map(\.wallet.recordedAt.microseconds))
        parameters.add(locations: debitedWallets.map(\.stored.location))
        return Request(WalletStatements.updateDebited, parameters)
    }

    private func settingsUpdate() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: settings.map(\.id))
        parameters.add(texts: settings.map(\.status.rawValue))
        parameters.add(int64s: settings.map { if case .limited(let limit) = $0.overdraft { limit } else { 0 } })
        parameters.add(bools: settings.map { $0.overdraft == .unlimited })
        parameters.add(bools: settings.map(\.hasCoverage))
        return Request(WalletStatements.updateSettings, parameters)
    }

    private func allowanceUpdate() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: allowances.map(\.id))
        parameters.add(int64s: allowances.map(\.allowance.tokens))
        parameters.add(int64sOrNil: allowances.map(\.allowance.next))
        return Request(WalletStatements.updateAllowances, parameters)
    }

    private func lotUpdate() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: changedLots.map(\.wallet))
        parameters.add(int64s: changedLots.map(\.lot.id))
        parameters.add(int64s: changedLots.map(\.lot.remaining))
        parameters.add(int64s: changedLots.map(\.lot.held))
        parameters.add(bools: changedLots.map(\.lot.expiryPosted))
        parameters.add(
            locations: changedLots.map { wallet, lot in
                guard let location = lotLocations[LotKey(wallet: wallet, lot: lot.id)] else {
                    preconditionFailure("a changed lot was loaded, and with it its location")
                }
                return location
            })
        return Request(WalletStatements.updateLots, parameters)
    }

    private func lotInsertion() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: newLots.map(\.wallet))
        parameters.add(int64s: newLots.map(\.lot.id))
        parameters.add(int64s: newLots.map(\.lot.granted))
        parameters.add(int64s: newLots.map(\.lot.remaining))
        parameters.add(int64s: newLots.map(\.lot.held))
        parameters.add(int16s: newLots.map(\.lot.priority))
        parameters.add(texts: newLots.map(\.lot.kind.rawValue))
        parameters.add(timestamps: newLots.map(\.lot.effectiveAt.microseconds))
        parameters.add(timestampsOrNil: newLots.map(\.lot.expiresAt?.microseconds))
        parameters.add(bools: newLots.map(\.lot.expiryPosted))
        parameters.add(texts: newLots.map(\.origin.origin.rawValue))
        parameters.add(int64s: newLots.map(\.origin.originSequence))
        parameters.add(textsOrNil: newLots.map(\.origin.description))
        parameters.add(timestamps: newLots.map(\.lot.createdAt.microseconds))
        parameters.add(texts: newLots.map { $0.origin.sale?.net.text ?? "0" })
        parameters.add(texts: newLots.map { $0.origin.sale?.tax.text ?? "0" })
        parameters.add(textsOrNil: newLots.map { $0.origin.sale?.net.currency.code })
        parameters.add(textsOrNil: newLots.map { $0.origin.sale?.reference.text })
        return Request(WalletStatements.insertLots, parameters)
    }

    private func debtInsertion() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: newDebts.map(\.wallet))
        parameters.add(int64s: newDebts.map(\.debt.sequence))
        parameters.add(int64s: newDebts.map(\.debt.overdrawn))
        parameters.add(int64s: newDebts.map(\.debt.outstanding))
        return Request(WalletStatements.insertDebts, parameters)
    }

    private func debtUpdate() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: changedDebts.map(\.wallet))
        parameters.add(int64s: changedDebts.map(\.debt.sequence))
        parameters.add(int64s: changedDebts.map(\.debt.outstanding))
        return Request(WalletStatements.updateDebts, parameters)
    }

    private func repaymentInsertion() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: repayments.map(\.wallet.id))
        parameters.add(int64s: repayments.map(\.repayment.debitSequence))
        parameters.add(int64s: repayments.map(\.repayment.lot))
        parameters.add(int64s: repayments.map(\.repayment.tokens))
        parameters.add(texts: repayments.map(\.repayment.cause.rawValue))
        parameters.add(int64s: repayments.map(\.repayment.after))
        parameters.add(timestamps: repayments.map(\.wallet.recordedAt.microseconds))
        return Request(WalletStatements.insertRepayments, parameters)
    }
}
