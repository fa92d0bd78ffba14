import Domain
import Messages
import Postgres
import Runtime
import Store

/// Charges that a bank takes back, or asks about (`domain.md` 7.7).
extension PurchaseSession {
    /// News of a dispute, in any order and as often as they come.
    /// - Parameter amount: what the bank wants back; nil where the gateway does not say it in a currency of ours: then it is all.
    func hear(_ news: DisputeNews, ofDispute name: String, _ gateway: Gateway, amount: Money?, purchase id: Int64) throws {
        let found = PurchaseDisputes.found(in: try transaction.run([PurchaseDisputes.finding(name, gateway)])[0])
        var dispute: StoredDispute
        if let found {
            dispute = found
        } else {
            dispute = StoredDispute(
                purchase: id, gateway: gateway, gatewayDispute: name, dispute: Dispute(amount: amount ?? stored(id).purchase.total),
                openedAt: moment)
            dispute.id = try transaction.run([PurchaseDisputes.inserting(dispute)])[0].int64(0, 0)
        }
        let before = dispute.dispute.status
        let actions = dispute.dispute.heard(news)
        if found != nil, dispute.dispute.status == before { return }
        var takenTokens: Int64 = 0
        for action in actions {
            switch action {
            case .alertOperator:
                alert("dispute_\(dispute.dispute.status.rawValue)", "a bank disputes the charge", purchase: stored(id).purchase.reference)
            case .takeTokens: takenTokens = try withdraw(&dispute, id)
            case .returnTokens: try giveBack(&dispute, id)
            case .chargeBack: end(id, won: false)
            }
        }
        if [.won, .lost, .closed].contains(dispute.dispute.status) { dispute.endedAt = moment }
        requests.append(PurchaseDisputes.storing(dispute))
        tellOfWallet(
            PurchaseDisputed(
                facts: facts(id), disputeID: name, disputeStatus: dispute.dispute.status.rawValue, amount: dispute.dispute.amount.text,
                disputeCurrency: dispute.dispute.amount.currency.code, takenTokens: takenTokens))
    }

    /// The money is gone: so are the tokens that it paid for, as far as they are neither spent nor held.
    private func withdraw(_ dispute: inout StoredDispute, _ id: Int64) throws -> Int64 {
        dispute.withdrawnAt = moment
        guard let wallet else { preconditionFailure("a purchase has a wallet") }
        let sold = try transaction.loadSoldLots(of: stored(id).purchase.reference, wallet: wallet.id)
        let amount = dispute.dispute.amount
        var taken: TakenTokens?
        do throws(TakingRefusal) {
            taken = try changeWallet { wallet throws(TakingRefusal) in
                try wallet.takeForDispute(worthAtMost: amount, of: sold, cause: cause, at: moment)
            }
        } catch {
            alert("dispute_not_taken", "no tokens could be taken for a dispute: \(error.rawValue)", purchase: stored(id).purchase.reference)
        }
        if let taken {
            dispute.takenSequence = self.wallet?.sequence
            requests.append(PurchaseRefunds.storing(taken, by: .dispute(dispute.id)))
        }
        move(id) { purchase throws(ReversalRefusal) in try purchase.disputed() }
        // The database allows one move at a time, and a dispute that is lost at once makes two.
        passThrough(id)
        if configuration.disputeSuspends {
            changeWallet { wallet in _ = wallet.suspend(reason: "dispute", cause: cause) }
        }
        return taken?.tokens ?? 0
    }

    private func giveBack(_ dispute: inout StoredDispute, _ id: Int64) throws {
        let purchase = stored(id).purchase
        let rows = try transaction.run([PurchaseRefunds.loadingParts(of: .dispute(dispute.id))])[0]
        if let taken = try PurchaseRefunds.taken(in: rows, of: purchase.reference, purchase.total.currency) {
            try changeWallet { wallet throws(AmountError) in try wallet.returnDispute(taken, cause: cause, at: moment) }
            dispute.returnedSequence = wallet?.sequence
        }
        end(id, won: true)
    }

    private func end(_ id: Int64, won: Bool) {
        move(id) { purchase throws(ReversalRefusal) in try purchase.disputeEnded(won: won) }
    }

    /// A move that the purchase's own state may forbid: then people have to look.
    private func move(_ id: Int64, _ body: (inout Purchase) throws(ReversalRefusal) -> Void) {
        var stored = stored(id)
        do throws(ReversalRefusal) {
            try body(&stored.purchase)
            purchases[id] = stored
        } catch {
            alert("dispute_not_applied", "the purchase cannot be disputed: \(error.rawValue)", purchase: stored.purchase.reference)
        }
    }
}
