import Messages
import Postgres

/// What can be said of a wallet in one line. Balances are what can be used now (domain.md 3.4, 3.5), not what is posted.
struct WalletSummary {
    let organization: String
    let status: String
    let balance: Int64
    let available: Int64
    let held: Int64
    let debt: Int64
    let spent: Int64
    let posted: Int64

    /// By organization, so that a page can begin where the last one ended.
    static func list(
        under: Int64?, status: String?, after: String?, limit: Int64, on connection: DatabaseConnection
    ) throws(DatabaseError) -> [WalletSummary] {
        var parameters = Parameters()
        parameters.add(textOrNil: status)
        parameters.add(int64OrNil: under)
        parameters.add(textOrNil: after)
        parameters.add(int64: limit)
        let rows = try connection.query(WalletStatements.list, parameters)
        return (0..<rows.count).map { row in
            WalletSummary(
                organization: rows.text(row, 0), status: rows.text(row, 1), balance: rows.int64(row, 2), available: rows.int64(row, 3),
                held: rows.int64(row, 4), debt: rows.int64(row, 5), spent: rows.int64(row, 6), posted: rows.int64(row, 7))
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("organization", organization)
        writer.member("status", status)
        writer.member("balance", balance)
        writer.member("available", available)
        writer.member("held", held)
        writer.member("overdraft_debt", debt)
        writer.member("total_spent", spent)
        writer.member("current_balance", posted)
        writer.endObject()
    }
}

/// All wallets in a few figures: posted balances, as the contract's own queries see them.
struct WalletFigures {
    let count: Int64
    let average: Int64
    let least: Int64
    let most: Int64
    let sum: Int64

    static func read(on connection: DatabaseConnection) throws(DatabaseError) -> WalletFigures {
        let rows = try connection.query(WalletStatements.figures)
        return WalletFigures(
            count: rows.int64(0, 0), average: rows.int64(0, 1), least: rows.int64(0, 2), most: rows.int64(0, 3), sum: rows.int64(0, 4))
    }

    func line(shown: Int64) -> String {
        let ends = "least \(Figures.grouped(least)), most \(Figures.grouped(most))"
        let all = "average \(Figures.grouped(average)), \(ends), in all \(Figures.grouped(sum))"
        let some = shown == count ? Figures.count(count, "wallet") : "\(Figures.grouped(shown)) of \(Figures.count(count, "wallet"))"
        return "\(some); posted balances: \(all)"
    }
}
