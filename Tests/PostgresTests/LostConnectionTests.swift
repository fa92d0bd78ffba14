import Glibc
import Postgres
import PurserTesting
import Testing

/// Sessions that cannot be opened, break, or fall silent.
@Suite("Lost connections")
struct LostConnectionTests {
    private static let terminate = Statement("terminate", "SELECT pg_terminate_backend($1::integer, 10000)")
    private static let one = Statement("one", "SELECT 1")

    private func failure(_ url: String, connectTimeout: Duration = .seconds(10)) throws -> DatabaseError {
        let configuration = DatabaseConfiguration(url: url, applicationName: "lost", connectTimeout: connectTimeout)
        return try #require(throws: DatabaseError.self) { try DatabaseConnection(configuration) }
    }

    @Test("A session ended by an administrator while it was idle")
    func terminatedWhileIdle() throws {
        let connection = try TestServer.connect()
        let other = try TestServer.connect()
        #expect(try other.query(LostConnectionTests.terminate, TestServer.one(Int64(connection.backendProcess))).bool(0, 0))
        let error = try #require(throws: DatabaseError.self) { try connection.query(LostConnectionTests.one) }
        #expect(error.isConnectionLost && error.kind == .connectionLost && !error.isRetriable)
        #expect(!connection.isOpen && connection.transactionStatus == .lost)
        let again = try #require(throws: DatabaseError.self) { try connection.query(LostConnectionTests.one) }
        #expect(again.isConnectionLost)
        #expect(throws: DatabaseError.self) { try connection.run("SELECT 1") }
        #expect(throws: DatabaseError.self) { try connection.rollbackIfNeeded() }
    }

    @Test("A session ended in the middle of its own pipeline", arguments: [true, false])
    func terminatedAtWork(_ simple: Bool) throws {
        let connection = try TestServer.connect()
        let suicide = Statement("suicide", "SELECT pg_terminate_backend(pg_backend_pid(), 10000)")
        let error = try #require(throws: DatabaseError.self) {
            if simple {
                try connection.run(suicide.sql)
            } else {
                _ = try connection.pipeline([Request(LostConnectionTests.one), Request(suicide), Request(LostConnectionTests.one)])
            }
        }
        #expect(error.sqlState == "57P01" && error.isConnectionLost && error.kind == .connectionLost)
        #expect(!connection.isOpen)
    }

    @Test("A server that has stopped answering is given up after the statement time-out and the margin")
    func frozenServer() throws {
        let connection = try TestServer.connect(statementTimeout: .milliseconds(100))
        _ = try connection.query(LostConnectionTests.one)
        let process = connection.backendProcess
        try #require(kill(process, SIGSTOP) == 0, "the test must be allowed to stop the server's process")
        defer { kill(process, SIGCONT) }
        let start = ContinuousClock.now
        let error = try #require(throws: DatabaseError.self) { try connection.query(LostConnectionTests.one) }
        let elapsed = ContinuousClock.now - start
        #expect(error.kind == .timeout && error.sqlState == nil && error.isConnectionLost && !error.isRetriable)
        #expect(elapsed >= .milliseconds(2100) && elapsed < .seconds(10))
        #expect(!connection.isOpen)
    }

    @Test("Closing is final and may be repeated")
    func closed() throws {
        let connection = try TestServer.connect()
        connection.close()
        connection.close()
        let error = try #require(throws: DatabaseError.self) { try connection.ping() }
        #expect(error.isConnectionLost && !connection.isOpen && connection.backendProcess == 0)
    }

    @Test("Nobody listens")
    func refused() throws {
        let error = try failure("postgresql://postgres@127.0.0.1:1/postgres")
        #expect(error.kind == .connectionLost && error.isConnectionLost && error.sqlState == nil)
    }

    @Test("Somebody listens and says nothing")
    func silent() throws {
        let (socket, port) = try silentServer()
        defer { Glibc.close(socket) }
        let error = try failure("postgresql://postgres@127.0.0.1:\(port)/postgres", connectTimeout: .milliseconds(100))
        #expect(error.kind == .timeout && error.isConnectionLost)
    }

    @Test("Of several hosts the first that answers is taken, past dead and silent ones")
    func severalHosts() throws {
        let (socket, port) = try silentServer()
        defer { Glibc.close(socket) }
        let url = try ScratchDatabase.serverURL()
        let authority = try #require(url.split(separator: "/").dropFirst().first)
        let host = try #require(authority.split(separator: "@").last)
        let several = url.replacing(host, with: "127.0.0.1:1,127.0.0.1:\(port),\(host)")
        let configuration = DatabaseConfiguration(url: several, applicationName: "hosts", connectTimeout: .milliseconds(500))
        #expect(try DatabaseConnection(configuration).query(LostConnectionTests.one).int64(0, 0) == 1)
    }

    @Test("What waiting does not cure is the server's verdict, with its SQLSTATE")
    func refusedForGood() throws {
        let url = try ScratchDatabase.serverURL()
        let error = try failure(url + (url.contains("?") ? "&" : "?") + "dbname=no_such_database")
        #expect(error.kind == .server && error.sqlState == "3D000" && !error.isConnectionLost && !error.isRetriable)
        #expect(error.message.contains("no_such_database"))
    }

    @Test("A URL that cannot be read is not repeated in the error: it may hold a password")
    func unreadableURL() throws {
        for url in ["postgresql://u:secret@host:port%/d?nonsense=secret", "secret", "postgresql://h/d?sslmode"] {
            let error = try failure(url)
            #expect(error.kind == .unusable && !error.description.contains("secret"))
        }
    }

    /// A socket that lets clients connect (the kernel does) and never answers.
    private func silentServer() throws -> (socket: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        try #require(isBound, "a port to listen at")
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}
