import Crypto
import Domain
import Postgres
import PurserTesting
import Store

/// A scratch database with the product's own migrations.
enum DatabaseFixture {
    /// `ops/migrations` of this checkout.
    static let folder: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        return parts.joined(separator: "/") + "/ops/migrations"
    }()

    static func with<R>(_ label: String, _ body: (ScratchDatabase, DatabaseConnection) throws -> R) throws -> R {
        try ScratchDatabase.with(label) { database in
            let connection = try database.connect()
            defer { connection.close() }
            try MigrationRunner(connection, MigrationFolder.load(folder)).migrate()
            return try body(database, connection)
        }
    }
}

extension DatabaseFixture {
    /// Opens wallets and grants each so many times, row by row, as billing would.
    static func grant(_ organizations: [String], times: Int, on connection: DatabaseConnection) throws {
        // The first program to start makes this row; no step begins without it.
        try connection.run("INSERT INTO system_settings (enabled) VALUES (true) ON CONFLICT DO NOTHING")
        for turn in 0..<times {
            let moment = Moment(microseconds: 1_800_000_000_000_000 + Int64(turn) * 1_000_000)
            let opening = WalletOpening(organizations: organizations, trialUses: 0, monthlyAllowance: 0, moment: moment)
            let transaction = try WalletTransaction(on: connection, WalletLoad(organizations: organizations))
            try transaction.open(opening)
            for place in transaction.wallets.indices {
                let cause = EventIdentity(source: "/test", id: "\(place)-\(turn)")
                try transaction.wallets[place].grant(Grant(tokens: Int64(100 + turn)), cause: cause, at: moment)
            }
            try transaction.commit()
        }
    }
}
