import Postgres
import PurserTesting
import Store

/// A scratch database with the product's own migrations, for the tests of the store.
enum TestSchema {
    /// `ops/migrations` of this checkout.
    static let folder: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/") + "/ops/migrations"
    }()

    /// Gives `body` a database at the newest version and a connection of its owner.
    static func with<R>(_ label: String, _ body: (ScratchDatabase, DatabaseConnection) throws -> R) throws -> R {
        try ScratchDatabase.with(label) { database in
            let owner = try database.connect()
            defer { owner.close() }
            try MigrationRunner(owner, MigrationFolder.load(folder)).migrate()
            return try body(database, owner)
        }
    }

    static let programs = [
        "purser_billing", "purser_expiry", "purser_forecaster", "purser_gateway", "purser_meter", "purser_notifier", "purser_scheduler",
        "purser_topup",
    ]
    static let roles = (programs + ["purser_auditor", "purser_operator"]).sorted()
}

extension DatabaseConnection {
    /// The texts of a one-column query without parameters.
    func texts(_ statement: Statement) throws -> [String] {
        let rows = try query(statement)
        return (0..<rows.count).map { rows.text($0, 0) }
    }

    /// Runs SQL as a role, in a transaction that is always rolled back; returns how it was refused, nil when it was not.
    func attempt(_ sql: String, as role: String) throws -> DatabaseError? {
        try run("BEGIN; SET LOCAL ROLE \(role)")
        defer { try? run("ROLLBACK") }
        do throws(DatabaseError) {
            try run(sql)
            return nil
        } catch {
            return error
        }
    }
}
