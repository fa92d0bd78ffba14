import Crypto
import Domain
import Postgres

/// What the database has of a loaded wallet beside what the domain decides on.
struct StoredWallet {
    /// The newest ledger row's.
    var digest: Digest
    let location: RowLocation
    let counters: RareCounters
}

/// The counters that a plain debit leaves alone.
struct RareCounters: Equatable {
    private let held: Int64
    private let debt: Int64
    private let purchased: Int64
    private let expired: Int64
    private let refunded: Int64
    private let trialUsesLeft: Int64
    private let allowanceMonth: Month?
    private let lastLotID: Int64

    init(_ wallet: Wallet) {
        held = wallet.held
        debt = wallet.debt
        purchased = wallet.totals.purchased
        expired = wallet.totals.expired
        refunded = wallet.totals.refunded
        trialUsesLeft = wallet.trialUsesLeft
        allowanceMonth = wallet.allowance.month
        lastLotID = wallet.lastLotID
    }
}

/// Reads wallets and lots as the statements of `WalletStatements` select them.
enum WalletRows {
    static func wallet(_ rows: Rows, _ row: Int) -> Wallet {
        let unlimited = rows.bool(row, 7)
        return Wallet(
            id: rows.int64(row, 0), organization: rows.text(row, 1), status: rows.text(row, 2) == "suspended" ? .suspended : .active,
            balance: rows.int64(row, 3), held: rows.int64(row, 4), debt: rows.int64(row, 5),
            overdraft: unlimited ? .unlimited : .limited(rows.int64(row, 6)),
            totals: WalletTotals(
                purchased: rows.int64(row, 8), spent: rows.int64(row, 9), expired: rows.int64(row, 10), refunded: rows.int64(row, 11)),
            trialUsesLeft: rows.int64(row, 12),
            allowance: Allowance(
                tokens: rows.int64(row, 13), next: rows.int64OrNil(row, 14),
                month: rows.timestampOrNil(row, 15).map { Month(of: Moment(microseconds: $0)) }),
            sequence: rows.int64(row, 16), recordedAt: Moment(microseconds: rows.timestamp(row, 19)), lastLotID: rows.int64(row, 17),
            hasCoverage: rows.bool(row, 18))
    }

    static func stored(_ wallet: Wallet, _ rows: Rows, _ row: Int) -> StoredWallet {
        let digest = rows.withBytes(row, 20) { bytes in
            guard let digest = Digest(bytes) else { preconditionFailure("the database checks the length of ledger_digest") }
            return digest
        }
        return StoredWallet(digest: digest, location: rows.location(row, 21), counters: RareCounters(wallet))
    }

    static func lot(_ rows: Rows, _ row: Int) -> Lot {
        Lot(
            id: rows.int64(row, 1), granted: rows.int64(row, 2), remaining: rows.int64(row, 3), held: rows.int64(row, 4),
            priority: Int16(rows.int64(row, 5)), kind: rows.bool(row, 6) ? .paid : .promotional,
            effectiveAt: Moment(microseconds: rows.timestamp(row, 7)),
            expiresAt: rows.timestampOrNil(row, 8).map { Moment(microseconds: $0) },
            createdAt: Moment(microseconds: rows.timestamp(row, 9)), expiryPosted: rows.bool(row, 10))
    }

    static func soldLot(_ rows: Rows, _ row: Int, _ reference: PurchaseReference) -> SoldLot {
        guard let currency = Currency(rows.text(row, 14)), let net = Money(rows.text(row, 12), currency),
            let tax = Money(rows.text(row, 13), currency)
        else { preconditionFailure("the money of lots was written by us") }
        return SoldLot(lot: rows.int64(row, 1), sale: LotSale(reference: reference, net: net, tax: tax))
    }

    static func coverage(_ rows: Rows, _ row: Int) -> Coverage {
        Coverage(
            services: rows.textArray(row, 1), startsAt: Moment(microseconds: rows.timestamp(row, 2)),
            endsAt: rows.timestampOrNil(row, 3).map { Moment(microseconds: $0) })
    }
}
