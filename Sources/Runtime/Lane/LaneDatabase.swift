import Postgres
import Store
import Telemetry

/// The database connection of a lane: opened when it is needed, given up when it is broken, checked the first time.
final class LaneDatabase {
    /// The schema is not the one that this program needs. Nothing mends that but `purser migrate`.
    struct WrongSchema: Error {
        let found: Int
        let needed: Int
    }

    private let configuration: DatabaseConfiguration
    private let schemaVersion: Int
    private let context: LaneContext
    private var isChecked = false
    private var openings = 0

    init(_ configuration: DatabaseConfiguration, schemaVersion: Int, context: LaneContext) {
        self.configuration = configuration
        self.schemaVersion = schemaVersion
        self.context = context
    }

    /// Whether a connection is there and its session is alive, as far as we know without asking.
    var isOpen: Bool { context.connection?.isOpen ?? false }

    /// The connection, outside of any transaction.
    /// - Throws: `DatabaseError` when none can be had (wait and try again), `WrongSchema` (end the program).
    @discardableResult
    func ready() throws -> DatabaseConnection {
        if let connection = context.connection, connection.isOpen {
            try connection.rollbackIfNeeded()
            return connection
        }
        context.connection = nil
        let connection = try DatabaseConnection(configuration)
        try check(connection)
        openings += 1
        if openings > 1 { context.metrics.counter(.reconnects, "database").add() }
        context.log.info("database connected")
        context.connection = connection
        return connection
    }

    /// Asks the server whether it is there; opens a new connection where the old one is gone.
    func probe() throws {
        try ready().ping()
    }

    func close() {
        context.connection?.close()
        context.connection = nil
    }

    private func check(_ connection: DatabaseConnection) throws {
        guard !isChecked else { return }
        let found: Int
        do {
            found = Int(clamping: try connection.query(LaneDatabase.version).int64(0, 0))
        } catch  where error.sqlState == "42P01" {
            found = 0
        }
        guard found >= schemaVersion else { throw WrongSchema(found: found, needed: schemaVersion) }
        isChecked = true
    }

    /// The newest migration. Newer than needed is fine: migrations are compatible with the program version before them.
    private static let version = Statement("schema_version", "SELECT coalesce(max(version), 0)::bigint FROM purser_migrations")
}
