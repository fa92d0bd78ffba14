import Domain
import Messages
import Postgres
import Runtime
import Store

/// Work whose moment has come (`domain.md` 0.2): a reminder that is early is sent on, one that comes twice does nothing.
extension PurchaseSession {
    func reminded(of id: Int64, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        guard news == nil else { return .answer(Self.reminded) }
        let purchase = stored(id).purchase
        guard let work = purchase.dueWork(at: moment) else {
            if purchase.state.status == .processing, purchase.state.phase != .parked, let due = purchase.state.nextActionAt {
                remind(.purchase(purchase.reference), at: due)
            }
            return .answer(Self.reminded)
        }
        switch work {
        case .lostCall: return try takeUpLostCall(id)
        case .ask:
            if let call = try asking(id) { return .call(call) }
            return .answer(Self.reminded)
        case .lapse: return try lapse(id)
        case .attempt: return try attempt(id)
        }
    }

    private func lapse(_ id: Int64) throws -> PurchaseStepEnd {
        let actions = decide(id) { $0.lapse(at: moment) }
        if let call = try act(actions, on: id) { return .call(call) }
        return .answer(Self.reminded)
    }

    /// The next attempt with the saved method, unless that was taken away meanwhile: then the purchase ends.
    private func attempt(_ id: Int64) throws -> PurchaseStepEnd {
        let stored = stored(id)
        if let name = stored.paymentMethod {
            let methods = PaymentMethods.found(in: try transaction.run([PaymentMethods.loading(id: name)])[0])
            if methods.first.map({ $0.isRemoved || !$0.isUsable }) ?? true {
                _ = try act(decide(id) { $0.cancel(hasIntent: false, at: moment).1 }, on: id)
                return .answer(Self.reminded)
            }
        }
        switch try begin(id, isEarly: false) {
        case .call(let call): return .call(call)
        case .answer, .conflict, .later:
            // No charge starts while the system is disabled or the wallet suspended (`domain.md` 7.9): looked at again in a minute.
            let purchase = self.stored(id).purchase
            if purchase.state.phase == .retryWaiting { remind(.purchase(purchase.reference), at: moment.adding(.minutes(1))) }
            return .answer(Self.reminded)
        }
    }
}
