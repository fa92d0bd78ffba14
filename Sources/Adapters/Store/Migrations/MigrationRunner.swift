public import Postgres

/// Brings a database's schema forward and back (`purser migrate [--check|--to N]`, `operations.md`).
///
/// Two runs at once are safe: the second waits for the first and finds nothing left to do. Works on one connection, whose statement
/// time-out bounds each file; blocks its thread until it is done. The connection's role owns the schema.
public struct MigrationRunner {
    /// A file that was run.
    public struct Step: Hashable, Sendable {
        /// Where it led.
        public enum Direction: String, Sendable {
            case forward
            case back
        }

        /// The migration.
        public let label: String
        /// Which of its two files ran.
        public let direction: Direction
    }

    /// What stands between the database and the folder.
    public struct Status: Hashable, Sendable {
        /// The newest applied version; 0 when there is none.
        public let version: Int
        /// What `migrate` would apply, in order.
        public let pending: [String]

        /// Whether programs of this release find what they need.
        public var isCurrent: Bool { pending.isEmpty }
    }

    private let connection: DatabaseConnection
    private let migrations: [Migration]

    /// - Parameters:
    ///   - connection: an idle connection of the schema's owner.
    ///   - migrations: what `MigrationFolder.load` read: versions 1, 2, 3, ... without gap.
    public init(_ connection: DatabaseConnection, _ migrations: [Migration]) {
        self.connection = connection
        self.migrations = migrations
    }

    /// Compares the database with the folder; changes nothing and waits for nobody.
    /// - Throws: `changed` and `newerDatabase` for differences that no run can mend, `database` when the server does not answer.
    public func check() throws(MigrationError) -> Status {
        let applied = try verifiedRecords()
        let pending = migrations.filter { migration in !applied.contains { $0.version == migration.version } }
        return Status(version: applied.last?.version ?? 0, pending: pending.map(\.label))
    }

    /// Runs what leads to `target`: the newest version unless told, an older one by the files that lead back.
    ///
    /// To 0, every file that leads back is run whatever the record says, so that nothing of ours is left even where tables, or the record
    /// itself, were dropped by hand.
    /// - Parameters:
    ///   - target: 0 to the newest version; nil is the newest.
    ///   - report: called after each file.
    /// - Throws: a `MigrationError`; `busy` and what the database calls retriable are worth another run, which goes on where this one
    ///   stopped.
    public func migrate(to target: Int? = nil, report: (Step) -> Void = { _ in }) throws(MigrationError) {
        let target = target ?? migrations.count
        guard (0...migrations.count).contains(target) else { throw .noSuchVersion(target, newest: migrations.count) }
        try lock()
        do {
            if target == 0 {
                try refuseNewerDatabase(try records())
                for migration in migrations.reversed() { try run(migration, .back, report) }
            } else {
                try move(to: target, report)
            }
        } catch {
            // The first error says more; a session that cannot unlock is closed, which frees the lock too.
            try? unlock()
            throw error
        }
        try unlock()
    }

    private func move(to target: Int, _ report: (Step) -> Void) throws(MigrationError) {
        var applied = Set(try verifiedRecords().map(\.version))
        try adoptThoseAppliedByHand()
        for migration in migrations where migration.version <= target && !applied.contains(migration.version) {
            try run(migration, .forward, report)
        }
        for migration in migrations.reversed() where migration.version > target && applied.contains(migration.version) {
            try run(migration, .back, report)
        }
        applied = Set(try records().map(\.version))
        for migration in migrations where applied.contains(migration.version) != (migration.version <= target) {
            throw .unrecorded(label: migration.label)
        }
    }

    /// Roles belong to the whole server: a run on another database may get in our way for a moment, which the server calls retriable.
    private func run(_ migration: Migration, _ direction: Step.Direction, _ report: (Step) -> Void) throws(MigrationError) {
        for attempt in 1...MigrationRunner.attempts {
            do {
                var parameters = Parameters()
                parameters.add(text: migration.checksum)
                _ = try connection.query(MigrationStatements.announceChecksum, parameters)
                try connection.run(direction == .forward ? migration.up : migration.down)
                break
            } catch {
                try? connection.rollbackIfNeeded()
                guard error.isRetriable, attempt < MigrationRunner.attempts else { throw .failed(label: migration.label, error) }
            }
        }
        report(Step(label: migration.label, direction: direction))
    }

    private static let attempts = 5
}

// The record of what was applied
extension MigrationRunner {
    private struct Record {
        let version: Int
        let name: String
        let checksum: String?
    }

    private func records() throws(MigrationError) -> [Record] {
        do {
            guard try connection.query(MigrationStatements.exists).bool(0, 0) else { return [] }
            let rows = try connection.query(MigrationStatements.applied)
            return (0..<rows.count).map { row in
                Record(version: Int(rows.int64(row, 0)), name: rows.text(row, 1), checksum: rows.textOrNil(row, 2))
            }
        } catch {
            throw .database(error)
        }
    }

    private func verifiedRecords() throws(MigrationError) -> [Record] {
        let records = try records()
        try refuseNewerDatabase(records)
        for record in records {
            let migration = migrations[record.version - 1]
            guard record.name == migration.name, record.checksum ?? migration.checksum == migration.checksum else {
                throw .changed(label: migration.label)
            }
        }
        return records
    }

    private func refuseNewerDatabase(_ records: [Record]) throws(MigrationError) {
        guard let newest = records.last, newest.version > migrations.count else { return }
        throw .newerDatabase(version: newest.version, name: newest.name)
    }

    private func adoptThoseAppliedByHand() throws(MigrationError) {
        for record in try records() where record.checksum == nil {
            var parameters = Parameters()
            parameters.add(int32: Int32(record.version))
            parameters.add(text: migrations[record.version - 1].checksum)
            do {
                _ = try connection.query(MigrationStatements.adopt, parameters)
            } catch {
                throw .database(error)
            }
        }
    }

    private func lock() throws(MigrationError) {
        do {
            _ = try connection.query(MigrationStatements.lock)
        } catch {
            throw error.sqlState == "55P03" || error.sqlState == "57014" ? .busy : .database(error)
        }
    }

    private func unlock() throws(MigrationError) {
        do {
            _ = try connection.query(MigrationStatements.unlock)
        } catch {
            throw .database(error)
        }
    }
}
