import Dispatch
import Postgres
import PurserTesting
import Testing

/// What the server refuses, and what the error says about it.
@Suite("Errors of the server")
struct ServerErrorTests {
    private static let set = Statement("set_value", "UPDATE cells SET value = value + 1 WHERE id = $1")
    private static let lock = Statement("take_lock", "SELECT pg_advisory_lock($1)")

    private static func createCells(_ database: ScratchDatabase) throws {
        try database.connect().run(
            """
            CREATE TABLE cells (id bigint CONSTRAINT cells_key PRIMARY KEY,
                value bigint NOT NULL CONSTRAINT cells_positive CHECK (value > 0));
            INSERT INTO cells VALUES (1, 1), (2, 1)
            """)
    }

    @Test("A violated constraint is named, with its table and column")
    func constraints() throws {
        try ScratchDatabase.with("constraints") { database in
            try ServerErrorTests.createCells(database)
            let connection = try database.connect()
            let insert = Statement("insert_cell", "INSERT INTO cells VALUES ($1, $2)")
            func violation(_ id: Int64, _ value: Int64?) throws -> DatabaseError {
                var parameters = TestServer.one(id)
                parameters.add(int64OrNil: value)
                return try #require(throws: DatabaseError.self) { try connection.query(insert, parameters) }
            }
            let unique = try violation(1, 1)
            #expect(unique.isUniqueViolation("cells_key") && unique.isUniqueViolation() && !unique.isUniqueViolation("other"))
            #expect(unique.table == "cells" && unique.isDataFault && !unique.isRetriable)
            #expect(unique.description.hasPrefix("server 23505 in insert_cell: duplicate key"))
            #expect(try violation(3, 0).constraint == "cells_positive")
            let missing = try violation(3, nil)
            #expect(missing.column == "value" && missing.sqlState == "23502" && !missing.isUniqueViolation())
        }
    }

    @Test("Two transactions in a deadly embrace: one is told to try again")
    func deadlock() throws {
        try ScratchDatabase.with("deadlock") { database in
            try ServerErrorTests.createCells(database)
            let settings = ["deadlock_timeout": "20ms"]
            let connection = try database.connect(settings: settings)
            try connection.run("BEGIN")
            _ = try connection.query(ServerErrorTests.set, TestServer.one(1))
            let holdsSecond = DispatchSemaphore(value: 0)
            let finished = DispatchSemaphore(value: 0)
            let url = database.url
            let outcome = Outcome()
            DispatchQueue(label: "deadlock").async {
                outcome.note {
                    let connection = try DatabaseConnection(
                        DatabaseConfiguration(url: url, applicationName: "other", settings: settings))
                    try connection.run("BEGIN")
                    _ = try connection.query(ServerErrorTests.set, TestServer.one(2))
                    holdsSecond.signal()
                    _ = try connection.query(ServerErrorTests.set, TestServer.one(1))
                    connection.close()
                }
                finished.signal()
            }
            try #require(holdsSecond.wait(timeout: .now() + 10) == .success, "the other transaction holds its row")
            let own = Outcome()
            own.note { _ = try connection.query(ServerErrorTests.set, TestServer.one(2)) }
            try connection.rollbackIfNeeded()
            try #require(finished.wait(timeout: .now() + 10) == .success, "the other transaction ended")
            let errors = [own.error, outcome.error].compactMap { $0 }
            try #require(errors.count == 1, "\(errors)")
            #expect(errors[0].sqlState == "40P01" && errors[0].isRetriable && !errors[0].isConnectionLost, "\(errors)")
        }
    }

    @Test("A transaction whose snapshot was overtaken is told to try again")
    func serialization() throws {
        try ScratchDatabase.with("serialization") { database in
            try ServerErrorTests.createCells(database)
            let (first, second) = (try database.connect(), try database.connect())
            try first.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT value FROM cells")
            _ = try second.query(ServerErrorTests.set, TestServer.one(1))
            let error = try #require(throws: DatabaseError.self) { try first.query(ServerErrorTests.set, TestServer.one(1)) }
            #expect(error.sqlState == "40001" && error.isRetriable && !error.isConnectionLost)
            try first.rollbackIfNeeded()
            #expect(try first.query(ServerErrorTests.set, TestServer.one(1)).affected == 1)
        }
    }

    @Test("The server's statement time-out ends the statement and leaves the session")
    func statementTimeout() throws {
        try ScratchDatabase.with("timeout") { database in
            let holder = try database.connect()
            _ = try holder.query(ServerErrorTests.lock, TestServer.one(1))
            let connection = try database.connect(statementTimeout: .milliseconds(50))
            let error = try #require(throws: DatabaseError.self) { try connection.query(ServerErrorTests.lock, TestServer.one(1)) }
            #expect(error.kind == .timeout && error.sqlState == "57014" && error.isRetriable && !error.isConnectionLost)
            try connection.ping()
            _ = try connection.query(ServerErrorTests.lock, TestServer.one(2))
        }
    }

    @Test("A lock that is not free within lock_timeout can be retried")
    func lockTimeout() throws {
        try ScratchDatabase.with("lock_timeout") { database in
            try ServerErrorTests.createCells(database)
            let holder = try database.connect()
            try holder.run("BEGIN; UPDATE cells SET value = 5")
            let connection = try database.connect(settings: ["lock_timeout": "30ms"])
            let error = try #require(throws: DatabaseError.self) { try connection.query(ServerErrorTests.set, TestServer.one(1)) }
            #expect(error.sqlState == "55P03" && error.isRetriable && !error.isConnectionLost)
        }
    }

    @Test("A text of several statements is one transaction; its first error is thrown and the session goes on")
    func simpleProtocol() throws {
        let connection = try TestServer.connect()
        try connection.run("CREATE TEMPORARY TABLE notes (id bigint)")
        let error = try #require(throws: DatabaseError.self) {
            try connection.run("INSERT INTO notes VALUES (1); SELECT 1 / 0; INSERT INTO notes VALUES (2)")
        }
        #expect(error.sqlState == "22012" && error.statement == nil)
        try connection.run("")
        #expect(try connection.query(Statement("count_notes", "SELECT count(*) FROM notes")).int64(0, 0) == 0)
    }

    @Test("COPY is refused, and the session with it, since there is no way back")
    func copy() throws {
        let connection = try TestServer.connect()
        let error = try #require(throws: DatabaseError.self) { try connection.run("COPY (SELECT 1) TO STDOUT") }
        #expect(error.kind == .unusable && !connection.isOpen)
        #expect(throws: DatabaseError.self) { try connection.ping() }
    }
}

/// The error of one thread, read by another after a signal.
// Unchecked: written before the semaphore's signal and read after its wait.
private final class Outcome: @unchecked Sendable {
    private(set) var error: DatabaseError?

    func note(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            self.error = error as? DatabaseError ?? DatabaseError(kind: .unusable, message: "\(error)")
        }
    }
}
