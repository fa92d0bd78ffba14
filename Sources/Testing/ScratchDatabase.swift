import Glibc
public import Postgres

/// A fresh, empty database on the test server, dropped on `close()`.
///
/// The server is the one of the environment variable `PURSER_TEST_DATABASE_URL`; its role must be allowed to create databases.
public final class ScratchDatabase: Sendable {
    /// The environment has no test server; `ops/test` always sets one.
    public struct MissingServer: Error, CustomStringConvertible {
        /// What to do about it.
        public let description = "PURSER_TEST_DATABASE_URL is not set; run the tests through ops/test"
    }

    /// The name of the database.
    public let name: String
    /// A URL like the server's, for this database.
    public let url: String
    private let serverURL: String

    /// Creates the database.
    /// - Parameters:
    ///   - label: a word for the name, of letters, digits and underscores.
    ///   - template: the database to copy, which nobody may be using meanwhile; an empty one unless told.
    /// - Throws: `MissingServer`, or the `DatabaseError` of the server.
    public init(_ label: String = "scratch", template: String = "template0") throws {
        serverURL = try ScratchDatabase.serverURL()
        name = "test_\(label)_\(getpid())_\(UInt32.random(in: 0 ... .max))"
        url = ScratchDatabase.replaceDatabase(in: serverURL, with: name)
        let connection = try DatabaseConnection(ScratchDatabase.configuration(serverURL))
        try connection.run("CREATE DATABASE \(name) TEMPLATE \(template) ENCODING 'UTF8'")
        connection.close()
    }

    /// Drops the database, ending whatever sessions it still has. A failure leaves the database behind and is no reason to fail a test.
    public func close() {
        guard let connection = try? DatabaseConnection(ScratchDatabase.configuration(serverURL)) else { return }
        try? connection.run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        connection.close()
    }

    /// Connects once and leaves. That the server is away is for the tests to find out.
    static func knock() {
        guard let server = try? serverURL() else { return }
        (try? DatabaseConnection(configuration(server)))?.close()
    }

    /// Opens a session with this database.
    public func connect(statementTimeout: Duration = .seconds(20), settings: [String: String] = [:]) throws -> DatabaseConnection {
        try DatabaseConnection(ScratchDatabase.configuration(url, statementTimeout: statementTimeout, settings: settings))
    }

    /// Runs `body` with a fresh database and drops it afterwards, whatever happens.
    public static func with<R>(_ label: String = "scratch", _ body: (ScratchDatabase) throws -> R) throws -> R {
        let database = try ScratchDatabase(label)
        defer { database.close() }
        return try body(database)
    }

    /// The URL of the test server.
    /// - Throws: `MissingServer`.
    public static func serverURL() throws -> String {
        guard let value = getenv("PURSER_TEST_DATABASE_URL"), value.pointee != 0 else { throw MissingServer() }
        return String(cString: value)
    }

    private static func configuration(
        _ url: String, statementTimeout: Duration = .seconds(60), settings: [String: String] = [:]
    ) -> DatabaseConfiguration {
        DatabaseConfiguration(
            url: url, applicationName: "purser tests", connectTimeout: .seconds(10), statementTimeout: statementTimeout, settings: settings)
    }

    /// Puts another path between the authority and the query of `postgresql://authority/path?query`.
    private static func replaceDatabase(in url: String, with name: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let segments = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        let query = parts.count > 1 ? "?" + parts[1] : ""
        return segments.prefix(3).joined(separator: "/") + "/" + name + query
    }
}
