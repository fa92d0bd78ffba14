import Postgres
import Runtime
import Store

/// The database: reachable, of a known version, migrated, with safe settings, a true clock, and rights as they should be.
enum DatabaseChecks {
    static func run(_ session: Session) -> [Finding] {
        let connection: DatabaseConnection
        do throws(CommandFailure) {
            connection = try session.openDatabase()
        } catch {
            let mend = Finding.mend(error, otherwise: "start the database, or mend host and port in DATABASE_URL")
            return [.problem("database", error.message, mend: mend)]
        }
        defer { connection.close() }
        var findings: [Finding] = [.fine("database", "the role of DATABASE_URL is accepted")]
        do throws(CommandFailure) {
            findings += try database("ask for its settings") { () throws(DatabaseError) in try settings(session, connection) }
            let schema = schema(session)
            findings.append(schema)
            guard schema.level != .problem else { return findings }
            findings += try database("ask for rights") { () throws(DatabaseError) in try rights(connection) + programs(connection) }
        } catch {
            findings.append(.problem("database", error.message, mend: Finding.mend(error, otherwise: "look at the database's own log")))
        }
        return findings
    }

    private static func settings(_ session: Session, _ connection: DatabaseConnection) throws(DatabaseError) -> [Finding] {
        let before = session.now
        let rows = try connection.query(DoctorStatements.server)
        let here = before + (session.now - before) / 2
        var findings: [Finding] = []
        let version = rows.int64(0, 0)
        findings.append(
            version >= 140_000
                ? .fine("database version", "PostgreSQL \(version / 10_000)")
                : .problem("database version", "PostgreSQL \(version / 10_000) is too old", mend: "use 14 or newer"))
        if rows.text(0, 1) != "UTF8" {
            findings.append(.problem("database encoding", "it is \(rows.text(0, 1))", mend: "make the database with ENCODING 'UTF8'"))
        }
        let skew = Double(abs(rows.timestamp(0, 2) - here)) / 1e6
        let words = "the database's clock is \(Figures.tenths(skew)) s away from this machine's"
        if skew > 60 {
            findings.append(.problem("clock", words, mend: "synchronise the clocks (chrony): events are refused by their time"))
        } else {
            findings.append(skew > 2 ? .warning("clock", words, mend: "synchronise the clocks (chrony)") : .fine("clock", words))
        }
        return findings + (try safety(connection))
    }

    /// Settings that decide whether a commit is one.
    private static func safety(_ connection: DatabaseConnection) throws(DatabaseError) -> [Finding] {
        let rows = try connection.query(DoctorStatements.settings)
        var findings: [Finding] = []
        for row in 0..<rows.count {
            let (name, value) = (rows.text(row, 0), rows.text(row, 1))
            switch (name, value) {
            case ("fsync", "off"), ("full_page_writes", "off"):
                findings.append(.problem(name, "off: a crash of the machine can destroy the ledger", mend: "ALTER SYSTEM SET \(name) = on"))
            case ("synchronous_commit", "off"):
                findings.append(
                    .problem(name, "off: acknowledged usage can be lost in a crash", mend: "ALTER SYSTEM SET synchronous_commit = on"))
            case ("autovacuum", "off"):
                findings.append(
                    .problem(name, "off: tables and their indexes will grow for ever", mend: "ALTER SYSTEM SET autovacuum = on"))
            case ("max_connections", let count) where (Int(count) ?? 0) < 50:
                findings.append(.warning(name, "only \(count)", mend: "ALTER SYSTEM SET max_connections = 100; each lane needs one"))
            default: break
            }
        }
        return findings.isEmpty ? [.fine("database settings", "commits are safe, autovacuum is on")] : findings
    }

    private static func schema(_ session: Session) -> Finding {
        do throws(CommandFailure) {
            let status = try MigrationCommands.status(session, .databaseURL)
            guard !status.isCurrent else { return .fine("tables", "at version \(status.version), as this release needs them") }
            return .problem(
                "tables", "at version \(status.version); missing: \(status.pending.joined(separator: ", "))", mend: "purser migrate")
        } catch {
            return .problem("tables", error.message, mend: Finding.mend(error, otherwise: "look at the database's own log"))
        }
    }

    private static func rights(_ connection: DatabaseConnection) throws(DatabaseError) -> [Finding] {
        var findings: [Finding] = []
        let operators = try connection.query(DoctorStatements.ownRights)
        for row in 0..<operators.count where !operators.bool(row, 1) {
            findings.append(
                .problem("rights", "the role of DATABASE_URL may not \(operators.text(row, 0))", mend: "give it the role purser_operator"))
        }
        let roles = try connection.query(DoctorStatements.roles)
        for row in 0..<roles.count {
            let (role, exists, canLogIn, canChange) = (roles.text(row, 0), roles.bool(row, 1), roles.bool(row, 2), roles.bool(row, 3))
            if !exists {
                findings.append(
                    .problem("role \(role)", "it is missing", mend: "CREATE ROLE \(role), and the GRANTs of ops/migrations that name it"))
            } else if canChange {
                findings.append(
                    .problem(
                        "role \(role)", "it may change the ledger",
                        mend: "REVOKE UPDATE, DELETE, TRUNCATE ON token_balance_history FROM \(role)"))
            } else if !canLogIn {
                findings.append(.warning("role \(role)", "nobody can log in with it", mend: "ALTER ROLE \(role) LOGIN PASSWORD '...'"))
            }
        }
        return findings.isEmpty ? [.fine("rights", "every program has its role, and none may change the ledger")] : findings
    }

    private static func programs(_ connection: DatabaseConnection) throws(DatabaseError) -> [Finding] {
        let state = try DatabaseState.read(on: connection)
        var findings: [Finding] = []
        for name in ["meter", "billing"] where !state.programs.contains(where: { $0.name == name && $0.isAlive }) {
            findings.append(.warning("purser-\(name)", "none is running", mend: "start it: systemctl start purser-\(name), or ops/up"))
        }
        if state.isEnabled == false {
            findings.append(
                .warning("system.enabled", "off: usage is recorded, not charged", mend: "purser config set system.enabled true"))
        }
        return findings.isEmpty ? [.fine("programs", "meter and billing run")] : findings
    }
}
