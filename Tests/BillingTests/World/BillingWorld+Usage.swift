import Domain
import Postgres
import PurserTesting
import Store

/// What the meter does to wallets, so that billing meets debts and holds as they really are.
extension BillingWorld {
    private static let rate = Rate(
        price: .passThrough, effectiveFrom: Moment(microseconds: 0), trialEligible: false, unlimitedEligible: true)

    /// Uses tokens of `org-1`; overdrawn where the wallet may.
    func use(_ tokens: Int64, id: String = "use") throws {
        try meter { wallet, moment in
            let event = UsageEvent(
                identity: EventIdentity(source: "/meter", id: id), organization: "org-1", service: "chat", quantity: 1,
                tokens: .count(tokens),
                time: moment)
            _ = try wallet.decide(event, PricedUsage(cost: tokens, rate: Self.rate), at: moment, systemEnabled: true)
            return []
        }
    }

    /// Sets tokens of `org-1` aside.
    func hold(_ tokens: Int64) throws {
        try meter { wallet, moment in
            let request = HoldRequest(
                id: "hold", service: "chat", quantity: 1, timeout: .seconds(600), contentDigest: [UInt8](repeating: 1, count: 32))
            let hold = try wallet.place(
                request, PricedUsage(cost: tokens, rate: Self.rate), cause: EventIdentity(source: "/meter", id: "hold"), time: moment,
                at: moment, systemEnabled: true)
            return [Holds.storing([StoredHold(walletID: wallet.id, hold: hold)])]
        }
    }

    private func meter(_ change: (inout Wallet, Moment) throws -> [Request]) throws {
        let connection = try database.connect(as: "purser_meter")
        defer { connection.close() }
        let transaction = try WalletTransaction(on: connection, WalletLoad(organizations: ["org-1"]))
        try transaction.commit(try change(&transaction.wallets[0], Moment(microseconds: clock.now)))
    }
}
