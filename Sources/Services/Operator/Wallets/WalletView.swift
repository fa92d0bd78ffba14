import Messages
import Postgres

/// Everything that `wallet show` tells of one wallet.
struct WalletView {
    struct Lot {
        let id: Int64
        let kind: String
        let origin: String
        let granted: Int64
        let remaining: Int64
        let held: Int64
        let priority: Int64
        let effectiveAt: Int64
        let expiresAt: Int64?
        let isSpendable: Bool
    }

    struct Hold {
        let id: String
        let service: String
        let outcome: String
        let tokens: Int64
        let placedAt: Int64
        let endsAt: Int64
    }

    /// Services that cost nothing for a time (domain.md 5.3).
    struct Cover {
        let services: [String]
        let startsAt: Int64
        let endsAt: Int64?
        let origin: String
    }

    let organization: String
    let fields: [(name: String, value: JSONField)]
    let covers: [Cover]
    let lots: [Lot]
    let holds: [Hold]
    let ledger: [LedgerLine]

    /// A value that prints for people and for programs.
    enum JSONField {
        case text(String)
        case number(Int64?)
        case time(Int64)
    }

    /// In one snapshot, so that the parts fit one another; nil where there is no wallet.
    static func read(_ organization: String, rows: Int64, on connection: DatabaseConnection) throws(DatabaseError) -> WalletView? {
        try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        do {
            let view = try readAll(organization, rows, connection)
            try connection.run("COMMIT")
            return view
        } catch {
            try? connection.rollbackIfNeeded()
            throw error
        }
    }

    private static func readAll(
        _ organization: String, _ count: Int64, _ connection: DatabaseConnection
    ) throws(DatabaseError) -> WalletView? {
        var name = Parameters()
        name.add(text: organization)
        let wallet = try connection.query(WalletStatements.wallet, name)
        guard !wallet.isEmpty else { return nil }
        let id = wallet.int64(0, 0)
        func byID() -> Parameters {
            var parameters = Parameters()
            parameters.add(int64: id)
            return parameters
        }
        var page = byID()
        page.add(int64: count)
        let results = try connection.pipeline([
            Request(WalletStatements.lots, byID()), Request(WalletStatements.holds, byID()), Request(WalletStatements.ledger, page),
            Request(WalletStatements.covers, byID()),
        ])
        let lots = (0..<results[0].count).map { lot(results[0], $0) }
        let holds = (0..<results[1].count).map { hold(results[1], $0) }
        return WalletView(
            organization: organization, fields: fields(wallet, lots),
            covers: (0..<results[3].count).map { cover(results[3], $0) }, lots: lots, holds: holds,
            ledger: (0..<results[2].count).map { LedgerLine(results[2], $0) })
    }

    private static func lot(_ rows: Rows, _ row: Int) -> Lot {
        Lot(
            id: rows.int64(row, 0), kind: rows.text(row, 1), origin: rows.text(row, 2), granted: rows.int64(row, 3),
            remaining: rows.int64(row, 4), held: rows.int64(row, 5), priority: rows.int64(row, 6), effectiveAt: rows.timestamp(row, 7),
            expiresAt: rows.timestampOrNil(row, 8), isSpendable: rows.bool(row, 9))
    }

    private static func hold(_ rows: Rows, _ row: Int) -> Hold {
        Hold(
            id: rows.text(row, 0), service: rows.text(row, 1), outcome: rows.text(row, 2), tokens: rows.int64(row, 3),
            placedAt: rows.timestamp(row, 4), endsAt: rows.timestamp(row, 5))
    }

    private static func cover(_ rows: Rows, _ row: Int) -> Cover {
        Cover(
            services: rows.textArray(row, 0), startsAt: rows.timestamp(row, 1), endsAt: rows.timestampOrNil(row, 2),
            origin: rows.text(row, 3))
    }

    private static func fields(_ wallet: Rows, _ lots: [Lot]) -> [(name: String, value: JSONField)] {
        let debt = wallet.int64(0, 4)
        let limit = wallet.int64(0, 5)
        let isUnlimited = wallet.bool(0, 6)
        let spendable = lots.filter(\.isSpendable)
        let own = spendable.reduce(0) { $0 + $1.remaining } - debt
        let free = spendable.reduce(0) { $0 + $1.remaining - $1.held } + (isUnlimited ? 0 : limit - debt)
        var fields: [(name: String, value: JSONField)] = [
            ("status", .text(wallet.text(0, 1))), ("balance", .number(own)), ("available", .number(free)),
            ("held", .number(wallet.int64(0, 3))),
            ("current_balance", .number(wallet.int64(0, 2))), ("overdraft_debt", .number(debt)),
            ("overdraft_limit", isUnlimited ? .text("unlimited") : .number(limit)), ("trial_uses_left", .number(wallet.int64(0, 7))),
            ("monthly_allowance", .number(wallet.int64(0, 8))),
        ]
        if let next = wallet.int64OrNil(0, 9) { fields.append(("next_monthly_allowance", .number(next))) }
        let totals = ["total_purchased", "total_spent", "total_expired", "total_refunded", "ledger_sequence"]
        for (index, name) in totals.enumerated() { fields.append((name, .number(wallet.int64(0, 10 + index)))) }
        fields.append(("created_at", .time(wallet.timestamp(0, 15))))
        fields.append(("updated_at", .time(wallet.timestamp(0, 16))))
        for (index, name) in ["name", "billing_address", "tax_id", "email"].enumerated() {
            if let text = wallet.textOrNil(0, 17 + index) { fields.append((name, .text(text))) }
        }
        return fields
    }
}
