import Postgres
import PurserTesting
import Testing

/// How a session is set up, and the scratch databases of the tests.
@Suite("Sessions")
struct SessionTests {
    private static let setting = Statement("setting", "SELECT current_setting($1)")

    private func value(_ name: String, _ connection: DatabaseConnection) throws -> String {
        var parameters = Parameters()
        parameters.add(text: name)
        return try connection.query(SessionTests.setting, parameters).text(0, 0)
    }

    @Test("Time-outs, time zone, name and further settings reach the session")
    func settings() throws {
        let special = #"a b\c "d" 'e' -c work_mem=1"#
        let connection = try TestServer.connect(
            statementTimeout: .milliseconds(12_345), settings: ["lock_timeout": "7s", "purser.note": special, "TimeZone": "Asia/Tokyo"])
        #expect(try value("statement_timeout", connection) == "12345ms")
        #expect(try value("lock_timeout", connection) == "7s")
        #expect(try value("purser.note", connection) == special)
        #expect(try value("TimeZone", connection) == "UTC")
        #expect(try value("application_name", connection) == "postgres tests")
        #expect(try value("client_connection_check_interval", connection) == "5s")
        #expect(try value("client_encoding", connection) == "UTF8")
    }

    @Test("Options of the URL are kept")
    func urlOptions() throws {
        var configuration = try TestServer.configuration()
        configuration.url += (configuration.url.contains("?") ? "&" : "?") + "options=-c%20work_mem%3D5MB&keepalives_idle=20"
        #expect(try value("work_mem", DatabaseConnection(configuration)) == "5MB")
    }

    @Test("A scratch database is empty, separate, and gone after close()")
    func scratchDatabase() throws {
        let server = try TestServer.connect()
        let exists = Statement("exists", "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        let database = try ScratchDatabase("lifecycle")
        var name = Parameters()
        name.add(text: database.name)
        #expect(try server.query(exists, name).bool(0, 0))
        let session = try database.connect()
        let current = try session.query(Statement("current", "SELECT current_database()"))
        #expect(current.text(0, 0) == database.name)
        database.close()
        #expect(try server.query(exists, name).bool(0, 0) == false)
        #expect(throws: DatabaseError.self) { try session.ping() }
    }

    @Test("Rows outlive their connection")
    func rowsOutlive() throws {
        var connection: DatabaseConnection? = try TestServer.connect()
        let rows = try connection?.query(Statement("word", "SELECT 'word'"))
        connection = nil
        #expect(rows?.text(0, 0) == "word")
    }

    @Test("Reading a column as another type ends the program with the column's name")
    func wrongAccessor() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rows = try TestServer.connect().query(Statement("mistake", "SELECT 'x'::text AS label"))
            _ = rows.int64(0, 0)
        }
        let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(words.contains("column label (type 25) is not an integer"))
    }

    @Test("Reading NULL as a value ends the program with the column's name")
    func nullAccessor() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rows = try TestServer.connect().query(Statement("mistake", "SELECT NULL::text AS label"))
            _ = rows.text(0, 0)
        }
        let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(words.contains("column label (type 25) is not a value but NULL"))
    }

    @Test("One name for two statements ends the program")
    func nameClash() async {
        await #expect(processExitsWith: .failure) {
            let connection = try TestServer.connect()
            _ = try connection.query(Statement("same", "SELECT 1"))
            _ = try connection.query(Statement("same", "SELECT 2"))
        }
    }
}
