import Glibc
import Postgres
import PurserTesting
import Store
import Testing

@Suite("Migrations go forward and back")
struct MigrationRunnerTests {
    private static let relations = Statement(
        "test_relations",
        """
        SELECT n.nspname || '.' || c.relname || ' ' || c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        UNION ALL SELECT 'function ' || p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'type ' || t.typname FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace
        UNION ALL SELECT 'role setting of ' || setrole::regrole FROM pg_db_role_setting s
            WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL SELECT 'right of ' || d.refobjid::regrole FROM pg_shdepend d
            WHERE d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND d.refclassid = 'pg_authid'::regclass
        ORDER BY 1
        """)

    private static let versions = Statement(
        "test_versions", "SELECT version || ' ' || name || ' ' || (checksum IS NOT NULL) FROM purser_migrations ORDER BY version")

    private func runner(_ connection: DatabaseConnection) throws -> MigrationRunner {
        MigrationRunner(connection, try MigrationFolder.load(TestSchema.folder))
    }

    @Test("Forward, back, forward again gives the same schema, and 0 leaves nothing of ours")
    func forwardAndBack() throws {
        try ScratchDatabase.with("migrations_back") { database in
            let connection = try database.connect()
            let before = try connection.texts(MigrationRunnerTests.relations)
            let runner = try runner(connection)
            try #expect(!runner.check().isCurrent)
            try runner.migrate()
            let there = try connection.texts(MigrationRunnerTests.relations)
            #expect(there.contains("public.token_balance_history r"))
            try #expect(runner.check().isCurrent)
            try runner.migrate(to: 0)
            try #expect(connection.texts(MigrationRunnerTests.relations) == before)
            try #expect(runner.check().version == 0)
            try runner.migrate()
            try #expect(connection.texts(MigrationRunnerTests.relations) == there)
        }
    }

    @Test("Each step back and forward alone")
    func stepByStep() throws {
        try ScratchDatabase.with("migrations_steps") { database in
            let connection = try database.connect()
            let runner = try runner(connection)
            let count = try MigrationFolder.load(TestSchema.folder).count
            var inventories: [[String]] = [try connection.texts(MigrationRunnerTests.relations)]
            for version in 1...count {
                var steps: [MigrationRunner.Step] = []
                try runner.migrate(to: version) { steps.append($0) }
                #expect(steps.count == 1 && steps[0].direction == .forward)
                inventories.append(try connection.texts(MigrationRunnerTests.relations))
            }
            for version in (0..<count).reversed() {
                try runner.migrate(to: version)
                try #expect(connection.texts(MigrationRunnerTests.relations) == inventories[version])
                try #expect(runner.check().version == version)
            }
        }
    }

    @Test("A second run changes nothing")
    func idempotent() throws {
        try TestSchema.with("migrations_twice") { _, connection in
            var steps: [MigrationRunner.Step] = []
            try runner(connection).migrate { steps.append($0) }
            #expect(steps.isEmpty)
        }
    }

    @Test("Two runs at once: one does the work, the other waits and finds it done")
    func twoAtOnce() throws {
        try ScratchDatabase.with("migrations_race") { database in
            let steps = Counter()
            let failures = Counter()
            let threads = (0..<2).map { _ in
                TestThread {
                    do {
                        let connection = try database.connect()
                        try MigrationRunner(connection, MigrationFolder.load(TestSchema.folder)).migrate { _ in steps.add(1) }
                    } catch {
                        Issue.record(error)
                        failures.add(1)
                    }
                }
            }
            for thread in threads { thread.join() }
            #expect(failures.value == 0)
            try #expect(steps.value == MigrationFolder.load(TestSchema.folder).count)
            try #expect(runner(try database.connect()).check().isCurrent)
        }
    }

    @Test("A run that has to wait for too long says so")
    func busy() throws {
        try ScratchDatabase.with("migrations_busy") { database in
            let other = try database.connect()
            try other.run("SELECT pg_advisory_lock(88465361560946)")
            let connection = try database.connect(settings: ["lock_timeout": "100ms"])
            let error = #expect(throws: MigrationError.self) { try runner(connection).migrate() }
            guard case .busy = error else {
                Issue.record("expected busy, got \(String(describing: error))")
                return
            }
            try other.run("SELECT pg_advisory_unlock(88465361560946)")
            try runner(connection).migrate()
        }
    }

    @Test("A file that was changed after it was applied is refused by name, before anything is done")
    func changedFile() throws {
        try TestSchema.with("migrations_changed") { _, connection in
            var migrations = try MigrationFolder.load(TestSchema.folder)
            let second = migrations[1]
            migrations[1] = Migration(version: 2, name: second.name, up: second.up + "-- later\n", down: second.down)
            let changed = MigrationRunner(connection, migrations)
            for attempt in [{ _ = try changed.check() }, { try changed.migrate() }, { try changed.migrate(to: 1) }] {
                let error = #expect(throws: MigrationError.self) { try attempt() }
                #expect(error?.description.contains("0002_wallets.up.sql was changed") == true)
            }
            try #expect(runner(connection).check().isCurrent)
        }
    }

    @Test("A database of a newer release is left alone")
    func newerDatabase() throws {
        try TestSchema.with("migrations_newer") { _, connection in
            let older = MigrationRunner(connection, [Migration](try MigrationFolder.load(TestSchema.folder).dropLast()))
            for target in [nil, 0, 1] {
                let error = #expect(throws: MigrationError.self) { try older.migrate(to: target) }
                guard case .newerDatabase = error else {
                    Issue.record("expected newerDatabase, got \(String(describing: error))")
                    continue
                }
            }
            try #expect(runner(connection).check().isCurrent)
        }
    }

    @Test("Files applied by hand are taken over with their checksums")
    func appliedByHand() throws {
        try ScratchDatabase.with("migrations_hand") { database in
            let connection = try database.connect()
            let migrations = try MigrationFolder.load(TestSchema.folder)
            for migration in migrations.dropLast() { try connection.run(migration.up) }
            try #expect(connection.texts(MigrationRunnerTests.versions).allSatisfy { $0.hasSuffix("false") })
            try #expect(runner(connection).check().pending == [migrations[migrations.count - 1].label])
            try runner(connection).migrate()
            try #expect(connection.texts(MigrationRunnerTests.versions).allSatisfy { $0.hasSuffix("true") })
        }
    }

    @Test("A file that fails leaves nothing behind, and the run goes on from there")
    func failingFile() throws {
        try ScratchDatabase.with("migrations_fail") { database in
            let connection = try database.connect()
            var migrations = try MigrationFolder.load(TestSchema.folder)
            let third = migrations[2]
            migrations[2] = Migration(
                version: 3, name: third.name, up: third.up.replacing("COMMIT;", with: "SELECT 1 / 0;\nCOMMIT;"), down: third.down)
            let error = #expect(throws: MigrationError.self) { try MigrationRunner(connection, migrations).migrate() }
            #expect(error?.description.contains("0003_ledger failed") == true)
            #expect(connection.transactionStatus == .idle)
            try #expect(runner(connection).check().version == 2)
            try runner(connection).migrate()
            try #expect(runner(connection).check().isCurrent)
        }
    }

    @Test("A file that does not record itself is found out")
    func unrecordedFile() throws {
        try TestSchema.with("migrations_unrecorded") { _, connection in
            var migrations = try MigrationFolder.load(TestSchema.folder)
            migrations.append(Migration(version: migrations.count + 1, name: "silent", up: "SELECT 1;", down: "SELECT 1;"))
            let error = #expect(throws: MigrationError.self) { try MigrationRunner(connection, migrations).migrate() }
            guard case .unrecorded = error else {
                Issue.record("expected unrecorded, got \(String(describing: error))")
                return
            }
        }
    }

    @Test("Back to 0 works after the tables were dropped by hand, record and all, and 0 twice is fine")
    func droppedByHand() throws {
        for drop in [
            "DROP TABLE token_lots, token_balance_history, organization_token_wallets CASCADE",
            "DROP TABLE purser_migrations CASCADE",
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public",
        ] {
            try ScratchDatabase.with("migrations_dropped") { database in
                let connection = try database.connect()
                let before = try connection.texts(MigrationRunnerTests.relations)
                try runner(connection).migrate()
                try connection.run(drop)
                try runner(connection).migrate(to: 0)
                try runner(connection).migrate(to: 0)
                try #expect(connection.texts(MigrationRunnerTests.relations) == before, "after \(drop)")
                try runner(connection).migrate()
                try #expect(runner(connection).check().isCurrent)
            }
        }
    }

    /// The migrations with roles of the test's own. Roles belong to the whole server: whether one can go, and by which way the files find
    /// out, depends on every other database there, those of tests that run beside this one too.
    private func migrations(role prefix: String) throws -> [Migration] {
        let names = ["auditor", "billing", "expiry", "forecaster", "gateway", "meter", "notifier", "operator", "scheduler", "topup"]
        func renamed(_ sql: String) -> String {
            names.reduce(sql) { $0.replacing("purser_\($1)", with: "\(prefix)_\($1)") }
        }
        return try MigrationFolder.load(TestSchema.folder).map {
            Migration(version: $0.version, name: $0.name, up: renamed($0.up), down: renamed($0.down))
        }
    }

    @Test("Tables, functions and rights of others are untouched, and their members keep our roles alive")
    func neighbours() throws {
        try ScratchDatabase.with("migrations_neighbours") { database in
            let connection = try database.connect()
            try connection.run(
                """
                CREATE TABLE orders (id bigint PRIMARY KEY, note text);
                INSERT INTO orders VALUES (1, 'theirs');
                CREATE VIEW order_notes AS SELECT note FROM orders;
                CREATE FUNCTION purse() RETURNS integer LANGUAGE sql AS 'SELECT 1';
                """)
            let before = try connection.texts(MigrationRunnerTests.relations)
            let runner = MigrationRunner(connection, try migrations(role: database.name))
            try runner.migrate()
            try connection.run("GRANT SELECT ON orders TO \(database.name)_auditor")
            try runner.migrate(to: 0)
            let roles = Statement("test_roles", "SELECT rolname::text FROM pg_roles WHERE starts_with(rolname, current_database())")
            try #expect(connection.texts(roles) == ["\(database.name)_auditor"], "only what others need stays")
            try connection.run("REVOKE SELECT ON orders FROM \(database.name)_auditor")
            try #expect(connection.texts(MigrationRunnerTests.relations) == before)
            try #expect(connection.texts(Statement("test_orders", "SELECT note FROM order_notes")) == ["theirs"])
            try runner.migrate(to: 0)
            try #expect(connection.texts(roles).isEmpty, "and goes when they no longer do")
        }
    }
}
