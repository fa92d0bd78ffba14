import Postgres
import PurserTesting
import Testing

/// Several statements in one round trip.
@Suite("Pipelines")
struct PipelineTests {
    private static let insert = Statement("insert_item", "INSERT INTO items (id) VALUES ($1)")
    private static let count = Statement("count_items", "SELECT count(*) FROM items")
    private static let begin = Statement("begin", "BEGIN")
    private static let commit = Statement("commit", "COMMIT")
    private static let divide = Statement("divide", "SELECT 1 / $1")
    private static let wrong = Statement("wrong", "SELECT nothing FROM nowhere")

    private func connectWithTable() throws -> DatabaseConnection {
        let connection = try TestServer.connect()
        try connection.run("CREATE TEMPORARY TABLE items (id bigint CONSTRAINT items_key PRIMARY KEY)")
        return connection
    }

    private func inserts(_ numbers: [Int64]) -> [Request] {
        numbers.map { Request(PipelineTests.insert, TestServer.one($0)) }
    }

    @Test("Results come in the order of the requests, and a statement is prepared once however often it is used")
    func order() throws {
        let connection = try connectWithTable()
        let rows = try connection.pipeline(inserts([1, 2, 3]) + [Request(PipelineTests.count)] + inserts([4]))
        #expect(rows.map(\.affected) == [1, 1, 1, 1, 1])
        #expect(rows[3].int64(0, 0) == 3)
        #expect(try connection.query(PipelineTests.count).int64(0, 0) == 4)
        let prepared = try connection.query(
            Statement("list_prepared", "SELECT name FROM pg_prepared_statements WHERE name <> 'list_prepared' ORDER BY name"))
        #expect((0..<prepared.count).map { prepared.text($0, 0) } == ["count_items", "insert_item"])
        #expect(try connection.pipeline([]).isEmpty)
    }

    @Test("A failure anywhere is reported with its place, undoes the whole pipeline and leaves the session in order", arguments: [0, 2, 4])
    func failure(_ place: Int) throws {
        for poison in [Request(PipelineTests.divide, TestServer.one(0)), Request(PipelineTests.wrong)] {
            let connection = try connectWithTable()
            var requests = inserts([1, 2, 3, 4])
            requests.insert(poison, at: place)
            let error = try #require(throws: DatabaseError.self) { try connection.pipeline(requests) }
            #expect(error.requestIndex == place && error.kind == .server && !error.isRetriable && !error.isConnectionLost)
            #expect(error.sqlState == "22012" && error.statement == "divide" || error.sqlState == "42P01" && error.statement == "wrong")
            #expect(connection.transactionStatus == .idle)
            // What was prepared before the failure is known to the server, what came after is not: both must work again.
            #expect(try connection.query(PipelineTests.count).int64(0, 0) == 0)
            _ = try connection.pipeline(inserts([1, 2, 3, 4]) + [Request(PipelineTests.divide, TestServer.one(1))])
            #expect(try connection.query(PipelineTests.count).int64(0, 0) == 4)
        }
    }

    @Test("Of two failures the first is reported")
    func firstFailure() throws {
        let connection = try connectWithTable()
        let error = try #require(throws: DatabaseError.self) { try connection.pipeline(inserts([1, 1]) + [Request(PipelineTests.wrong)]) }
        #expect(error.isUniqueViolation("items_key") && error.requestIndex == 1)
    }

    @Test("An explicit transaction spans pipelines, and after a failure only a rollback helps")
    func explicitTransaction() throws {
        let connection = try connectWithTable()
        _ = try connection.pipeline([Request(PipelineTests.begin)] + inserts([1]))
        #expect(connection.transactionStatus == .open)
        _ = try connection.pipeline(inserts([2]) + [Request(PipelineTests.commit)])
        #expect(connection.transactionStatus == .idle)

        #expect(throws: DatabaseError.self) {
            try connection.pipeline([Request(PipelineTests.begin)] + inserts([3, 1]) + [Request(PipelineTests.commit)])
        }
        #expect(connection.transactionStatus == .failed)
        let refused = try #require(throws: DatabaseError.self) { try connection.query(PipelineTests.count) }
        #expect(refused.sqlState == "25P02")
        try connection.rollbackIfNeeded()
        #expect(connection.transactionStatus == .idle)
        #expect(try connection.query(PipelineTests.count).int64(0, 0) == 2)
        try connection.rollbackIfNeeded()
    }

    @Test("A commit that the server turns into a rollback is an error", arguments: [true, false])
    func silentRollback(_ prepared: Bool) throws {
        let connection = try connectWithTable()
        try connection.run("BEGIN")
        #expect(throws: DatabaseError.self) { try connection.query(PipelineTests.wrong) }
        let error = try #require(throws: DatabaseError.self) {
            if prepared { _ = try connection.query(PipelineTests.commit) } else { try connection.run("COMMIT") }
        }
        #expect(error.sqlState == "25P02")
        #expect(connection.transactionStatus == .idle)
    }

    @Test("The convenience commits, and rolls back when its body throws")
    func convenience() throws {
        struct Refusal: Error {}
        let connection = try connectWithTable()
        let result = try connection.transaction { try connection.pipeline(inserts([1, 2])).count }
        #expect(result == 2)
        #expect(throws: Refusal.self) {
            try connection.transaction {
                _ = try connection.pipeline(inserts([3]))
                throw Refusal()
            }
        }
        #expect(connection.transactionStatus == .idle)
        #expect(try connection.query(PipelineTests.count).int64(0, 0) == 2)
    }

    private static let echo = Statement("echo_bytes", "SELECT $1, $1")

    @Test("Megabytes in both directions at once do not block either side")
    func largeBothWays() throws {
        let connection = try TestServer.connect()
        let load = [UInt8](repeating: 7, count: 1 << 20)
        let requests = (0..<24).map { _ in
            var parameters = Parameters()
            parameters.add(bytes: load)
            return Request(PipelineTests.echo, parameters)
        }
        let rows = try connection.pipeline(requests)
        #expect(rows.count == 24 && rows.allSatisfy { $0.withBytes(0, 1) { $0.count } == load.count })
    }

    private static let star = Statement("star", "SELECT * FROM items")

    @Test("A plan that a migration made stale can be retried")
    func stalePlan() throws {
        let connection = try connectWithTable()
        _ = try connection.query(PipelineTests.star)
        try connection.run("ALTER TABLE items ADD COLUMN name text; INSERT INTO items VALUES (1, 'one')")
        let error = try #require(throws: DatabaseError.self) { try connection.query(PipelineTests.star) }
        #expect(error.sqlState == "0A000" && error.isRetriable)
        #expect(try connection.query(PipelineTests.star).text(0, 1) == "one")
        #expect(try connection.query(PipelineTests.star).count == 1)
    }
}
