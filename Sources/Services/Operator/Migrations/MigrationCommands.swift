import Messages
import Postgres
import Runtime
import Store

/// `purser migrate [--check|--to N]`.
enum MigrationCommands {
    static let all: [Command] = [
        Command(
            path: ["migrate"], summary: "Bring the database's tables to this release, or back.",
            details: """
                Works as the owner, by DATABASE_ADMIN_URL. --to 0 removes Purser from the database. Going back takes away tables with what they
                hold; once there are rows in the ledger that needs --yes.
                """,
            options: [
                .flag("check", "change nothing; exit 1 when something is to be applied"),
                .value("to", "N", "the version to go to, forward or back (the newest)"),
                .flag("yes", "go back although the ledger has rows"),
            ],
            examples: ["migrate", "migrate --check", "migrate --to 3"],
            run: { (invocation, session) throws(CommandFailure) in try run(invocation, session) })
    ]

    /// How the schema stands against the files. For `doctor` too.
    static func status(_ session: Session, _ setting: Setting) throws(CommandFailure) -> MigrationRunner.Status {
        let folder = try ShareFolder.migrations(environment: session.environment)
        let connection = try session.openDatabase(setting)
        defer { connection.close() }
        return try migrating { () throws(MigrationError) in try MigrationRunner(connection, MigrationFolder.load(folder)).check() }
    }

    private static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let target = try invocation.whole("to", 0...9999).map { Int($0) }
        guard target == nil || !invocation.flag("check") else { throw .usage("--check and --to exclude one another") }
        let status = try status(session, .databaseAdminURL)
        if invocation.flag("check") { return show(status, session) }
        let folder = try ShareFolder.migrations(environment: session.environment)
        let connection = try session.openDatabase(.databaseAdminURL)
        defer { connection.close() }
        if let target, target < status.version, !invocation.flag("yes") { try requireEmptyLedger(target, connection) }
        var steps: [MigrationRunner.Step] = []
        try migrating { () throws(MigrationError) in
            let runner = try MigrationRunner(connection, MigrationFolder.load(folder))
            try runner.migrate(to: target) { step in
                steps.append(step)
                guard !session.wantsJSON else { return }
                session.console.line("\(step.direction == .back ? "took back" : "applied  ")  \(step.label)")
            }
        }
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.name("steps")
                writer.beginArray()
                for step in steps {
                    writer.beginObject()
                    writer.member("migration", step.label)
                    writer.member("direction", step.direction.rawValue)
                    writer.endObject()
                }
                writer.endArray()
                writer.endObject()
            }
        } else if steps.isEmpty {
            session.console.line("the tables are at version \(status.version), nothing to do")
        }
        return .done
    }

    /// - Throws: a usage failure where going back would take money's history away unasked.
    private static func requireEmptyLedger(_ target: Int, _ connection: DatabaseConnection) throws(CommandFailure) {
        let hasRows = try database("look at the ledger") { () throws(DatabaseError) in
            // A statement that names a table that is not there cannot even be prepared.
            guard try connection.query(LedgerStatements.exists).bool(0, 0) else { return false }
            return try connection.query(LedgerStatements.hasRows).bool(0, 0)
        }
        guard hasRows else { return }
        throw .usage(
            "--yes is missing: the ledger has rows, and going back to version \(target) takes tables away with what they hold",
            hint: "make a backup first; there is no way back")
    }

    private static func show(_ status: MigrationRunner.Status, _ session: Session) -> ExitCode {
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.member("version", Int64(status.version))
                writer.name("pending")
                writer.beginArray()
                for label in status.pending { writer.value(label) }
                writer.endArray()
                writer.endObject()
            }
        } else {
            session.console.line("the tables are at version \(status.version)")
            for label in status.pending { session.console.line("to apply  \(label)") }
        }
        return status.isCurrent ? .done : .differences
    }

    private static func migrating<R>(_ work: () throws(MigrationError) -> R) throws(CommandFailure) -> R {
        do {
            return try work()
        } catch {
            switch error {
            case .busy: throw CommandFailure(.temporary, error.description)
            case .noSuchVersion: throw .usage("--to: \(error.description)")
            case .failed(_, let cause), .database(let cause):
                let known = CommandFailure(cause)
                throw CommandFailure(known.exitCode, error.description, hint: known.hint)
            default: throw CommandFailure(.configuration, error.description)
            }
        }
    }
}
