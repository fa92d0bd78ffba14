import Glibc
import Postgres
import Synchronization

/// Databases with every migration, handed from test to test: making one takes a second, emptying one a moment. They are dropped when the
/// process ends.
final class SchemaPool: Sendable {
    static let shared = {
        // What is registered last is run first: OpenSSL, which libpq starts with its first connection, must end after us.
        ScratchDatabase.knock()
        atexit(dropPooledDatabases)
        return SchemaPool()
    }()

    private let free = Mutex<[ScratchDatabase]>([])

    /// Runs `body` with an empty database. One in which `body` threw is not used again.
    func with<R>(_ label: String, _ body: (ScratchDatabase) throws -> R) throws -> R {
        let database = try free.withLock { $0.popLast() } ?? SchemaPool.make(label)
        do {
            let value = try body(database)
            try SchemaPool.empty(database)
            free.withLock { $0.append(database) }
            return value
        } catch {
            database.close()
            throw error
        }
    }

    func drop() {
        let unused = free.withLock { free in
            defer { free = [] }
            return free
        }
        for database in unused { database.close() }
    }

    private static func make(_ label: String) throws -> ScratchDatabase {
        let database = try ScratchDatabase(label)
        do {
            try database.migrate()
            let owner = try database.connect()
            defer { owner.close() }
            try owner.run(
                """
                CREATE SCHEMA seeds;
                CREATE TABLE seeds.token_catalogs AS TABLE token_catalogs;
                CREATE TABLE seeds.token_packages AS TABLE token_packages;
                """)
        } catch {
            database.close()
            throw error
        }
        return database
    }

    /// Only a superuser who says that he is a replica gets past the triggers of the insert-only tables. What migrations put into tables comes
    /// back.
    private static func empty(_ database: ScratchDatabase) throws {
        let owner = try database.connect()
        defer { owner.close() }
        try owner.run(
            """
            SET session_replication_role = replica;
            SET lock_timeout = '5s';
            DO $$ DECLARE name regclass; BEGIN
                -- Of tables with a few rows each, and unlike TRUNCATE without new files.
                FOR name IN
                    SELECT oid FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                        AND relname <> 'purser_migrations'
                LOOP
                    EXECUTE 'DELETE FROM ' || name;
                END LOOP;
            END $$;
            INSERT INTO token_catalogs SELECT * FROM seeds.token_catalogs;
            INSERT INTO token_packages SELECT * FROM seeds.token_packages;
            """)
    }
}

/// Top-level, because a closure would inherit an actor (style.md, traps).
private func dropPooledDatabases() {
    SchemaPool.shared.drop()
}
