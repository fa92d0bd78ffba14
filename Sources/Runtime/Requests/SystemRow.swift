import Postgres
import Store

/// Sees to the row of `system_settings` before a lane's first transaction (`domain.md` 7.9): it gets its first value, once ever, from
/// `ENABLE_TOKEN_SYSTEM`.
public struct SystemRow {
    private var isEstablished = false

    public init() {}

    /// Runs a step's transaction with the row in place. Where somebody has taken it away, the next call makes it again.
    /// - Throws: what `body` throws, or the database's error; calling again is harmless.
    public mutating func with<R>(_ lane: LaneContext, _ body: () throws -> R) throws -> R {
        if !isEstablished { try SystemState.establish(enabled: lane.configuration.isTokenSystemEnabled, on: lane.database) }
        isEstablished = true
        do {
            return try body()
        } catch  where SystemState.isMissing(error) {
            isEstablished = false
            throw error
        }
    }
}
