public import Postgres
import Store

/// Sees to the row of `system_settings` before a lane's first transaction (`domain.md` 7.9): it gets its first value, once ever, from
/// `ENABLE_TOKEN_SYSTEM`.
public struct SystemRow {
    private var isEstablished = false

    public init() {}

    /// - Throws: the database's error; calling again is harmless.
    public mutating func establish(_ lane: LaneContext) throws(DatabaseError) {
        guard !isEstablished else { return }
        try SystemState.establish(enabled: lane.configuration.isTokenSystemEnabled, on: lane.database)
        isEstablished = true
    }
}
