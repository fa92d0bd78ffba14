import Postgres

/// Which wallet belongs to which organization, as one lane has learnt it from the database. Rows are found and locked by their short ids for
/// about half of what the organizations' names cost (`ops/migrations/README.md`).
///
/// An id never changes, and organizations are never renamed, so what was committed once stays right. A transaction still looks whether it
/// got the wallets that it asked for: somebody may have put another database in place. Belongs to the thread of its lane.
public final class WalletDirectory {
    /// Most organizations that are remembered, some 4 MB. A full directory starts anew: more wallets than that are busy at once only
    /// where a lane meets each of them rarely.
    public static let most = 65_536

    private var ids: [String: Int64] = [:]
    private let most: Int

    /// - Parameter most: how many are remembered; tests use fewer.
    public init(most: Int = WalletDirectory.most) {
        self.most = most
    }

    func id(of organization: String) -> Int64? {
        ids[organization]
    }

    /// Remembers wallets that are committed.
    func learn(_ found: [(organization: String, id: Int64)]) {
        if ids.count + found.count > most { ids.removeAll(keepingCapacity: true) }
        for (organization, id) in found.prefix(most) { ids[organization] = id }
    }

    func forget() {
        ids.removeAll()
    }
}
