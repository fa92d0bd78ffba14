import Domain
import Postgres
import Runtime
import Store

/// A lane's copy of the price list, read anew when the version in `system_settings` has moved on.
struct RateCache {
    private(set) var rates = RateBook()
    private var version: Int64 = -1

    /// The rates of a transaction's version. Within the transaction, so that list and version belong together or the list is newer.
    mutating func rates(version: Int64, on connection: DatabaseConnection) throws(DatabaseError) -> RateBook {
        if version != self.version {
            rates = try Rates.load(on: connection)
            self.version = version
        }
        return rates
    }
}
