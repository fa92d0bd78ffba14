public import Postgres

/// The one row of `system_settings`, which every batch reads (`domain.md` 7.9), and whether anything waits to be accepted.
public struct SystemState: Hashable, Sendable {
    /// False: usage is `shadow` and no charge starts.
    public let isEnabled: Bool
    /// Goes up with every change of a rate.
    public let ratesVersion: Int64
    /// Whether any refusal is not accepted yet; only then do decided events look for theirs.
    public let hasOpenRefusals: Bool

    init() {
        isEnabled = true
        ratesVersion = 0
        hasOpenRefusals = false
    }

    init(_ rows: Rows) {
        precondition(rows.count == 1, "system_settings has one row; every program sees to it when it starts")
        isEnabled = rows.bool(0, 0)
        ratesVersion = rows.int64(0, 1)
        hasOpenRefusals = rows.bool(0, 2)
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

    /// The partial index over refusals that wait makes the question cheap.
    static let stateWithRefusals = Statement(
        "system_state_with_refusals",
        """
        SELECT enabled, rates_version, EXISTS (SELECT 1 FROM usage_refusals WHERE accepted_at IS NULL AND reason <> 'conflict')
        FROM system_settings
        """)

    static let establish = Statement(
        "system_establish", "INSERT INTO system_settings (enabled) VALUES ($1) ON CONFLICT (singleton) DO NOTHING")
}
