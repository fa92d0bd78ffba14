public import Postgres

/// The one row of `system_settings`, which every batch reads (`domain.md` 7.9), and whether anything waits to be accepted.
public struct SystemState: Hashable, Sendable {
    /// False: usage is `shadow` and no charge starts.
    public let isEnabled: Bool
    /// Goes up with every change of a rate.
    public let ratesVersion: Int64
    /// Whether any refusal of late is not accepted yet; only then do decided events look for theirs.
    public let hasOpenRefusals: Bool

    init() {
        isEnabled = true
        ratesVersion = 0
        hasOpenRefusals = false
    }

    /// - Throws: an error that `isMissing` knows where somebody has taken the row away.
    init(_ rows: Rows) throws(DatabaseError) {
        guard rows.count == 1 else {
            throw DatabaseError(
                kind: .server, sqlState: "55000", message: "system_settings has no row", table: "system_settings",
                statement: SystemStatements.state.name)
        }
        isEnabled = rows.bool(0, 0)
        ratesVersion = rows.int64(0, 1)
        hasOpenRefusals = rows.bool(0, 2)
    }

    /// Whether a transaction found no row. Nothing is decided without it: what it said is not known.
    public static func isMissing(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.sqlState == "55000" && error.table == "system_settings"
    }

    /// Makes the row with its first value (`ENABLE_TOKEN_SYSTEM`) where it is missing. Every program does it once when it starts.
    /// - Throws: the database's error; doing it again is harmless.
    public static func establish(enabled: Bool, on connection: DatabaseConnection) throws(DatabaseError) {
        var parameters = Parameters()
        parameters.add(bool: enabled)
        _ = try connection.query(SystemStatements.establish, parameters)
    }
}

enum SystemStatements {
    static let state = Statement("system_state", "SELECT enabled, rates_version, false FROM system_settings")

    /// The partial index over refusals that wait makes the question cheap. An event that is older than 35 days is refused for good, so a
    /// refusal that nobody has sent again for longer costs later batches nothing.
    static let stateWithRefusals = Statement(
        "system_state_with_refusals",
        """
        SELECT enabled, rates_version, EXISTS (
            SELECT 1 FROM usage_refusals
            WHERE accepted_at IS NULL AND reason <> 'conflict' AND last_seen > now() - interval '36 days'
        )
        FROM system_settings
        """)

    static let establish = Statement(
        "system_establish", "INSERT INTO system_settings (enabled) VALUES ($1) ON CONFLICT (singleton) DO NOTHING")
}
