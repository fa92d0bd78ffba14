import Domain
import Postgres
import Runtime
import Store

/// Releases holds whose end has passed (`domain.md` 6.5). Nothing else does.
///
/// Bounded steps, each a transaction of its own under the wallets' locks; several meters may sweep at once: a hold that another has
/// released in the meantime is open no longer when the lock is ours.
struct HoldSweep {
    /// Most holds in one step.
    static let limit: Int64 = 500

    /// Releases at most `limit` holds; the next call takes what is left.
    /// - Throws: the database's error; the next sweep does it again.
    func step(_ lane: LaneContext) throws(DatabaseError) {
        let moment = Moment(microseconds: lane.now)
        let due = try lane.database.pipeline([Holds.due(at: moment, limit: Self.limit)])[0]
        guard due.count > 0 else { return }
        let keys = (0..<due.count).map { (organization: due.text($0, 0), id: due.text($0, 1)) }
        let transaction = try WalletTransaction(on: lane.database, WalletLoad(organizations: Array(Set(keys.map(\.organization)))))
        do throws(DatabaseError) {
            let loaded = Holds.stored(in: try transaction.run([Holds.loading(keys)])[0])
            var released: [StoredHold] = []
            for var stored in loaded where stored.hold.status == .open && stored.hold.endsAt <= moment {
                guard let place = transaction.place(ofWallet: stored.walletID) else { continue }
                var wallet = transaction.wallets[place]
                do throws(AmountError) {
                    try wallet.release(
                        &stored.hold, expired: true, cause: EventIdentity(source: "/purser/meter", id: "hold-end/\(stored.hold.id)"),
                        at: moment)
                } catch {
                    continue
                }
                transaction.wallets[place] = wallet
                released.append(stored)
            }
            var events = EventSheet(program: lane.program)
            events.add(transaction.wallets) { _ in EventContext(moment: moment) }
            // The relay publishes what is stored here: nobody waits for it.
            _ = try transaction.commit(
                released.isEmpty ? [] : [Holds.storing(released)], outbox: events.messages, program: lane.program, beforeCommit: {})
        } catch {
            try? transaction.rollback()
            throw error
        }
    }
}
