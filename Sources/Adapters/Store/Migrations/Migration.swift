import Crypto

/// One numbered step of the schema: `NNNN_name.up.sql` leads there, `NNNN_name.down.sql` back (`operations.md`, Deployment).
///
/// Each file is one transaction, records itself in `purser_migrations`, and runs under `psql -f` as well.
public struct Migration: Hashable, Sendable {
    /// 1, 2, 3, ... without gap.
    public let version: Int
    /// The words between the number and `.up.sql`.
    public let name: String
    /// The SQL that leads to this version.
    public let up: String
    /// The SQL that leads back; harmless where its objects are gone already.
    public let down: String
    /// SHA-256 of `up` in hex, as `purser_migrations` keeps it.
    public let checksum: String

    /// A migration from the texts of its two files.
    public init(version: Int, name: String, up: String, down: String) {
        self.version = version
        self.name = name
        self.up = up
        self.down = down
        checksum = SHA256.hash(up).hex
    }

    /// The file names' stem, such as `0003_ledger`.
    public var label: String {
        let digits = String(version)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_" + name
    }
}
