import Domain
import Messages
import Runtime
import Store

extension EventSheet {
    /// Adds what the wallets of a step announced; `context` gives what is known of the message that caused it.
    mutating func add(_ wallets: [Wallet], _ context: (EventIdentity) -> EventContext) {
        for wallet in wallets {
            for announced in wallet.journal.announcements {
                add(announced, organization: wallet.organization, context(announced.cause))
            }
        }
    }

    /// Adds a refusal, or a conflict, that was not known before. It has no place in the ledger.
    /// - Parameter charged: what the first content of a conflict was charged.
    mutating func add(_ refusal: RecordedRefusal, charged: Int64?, _ context: EventContext) {
        let cause = EventCause(refusal.identity)
        let payload: any EventPayload =
            refusal.reason == .conflict
            ? UsageConflict(cause: cause, service: refusal.service, tokens: charged)
            : UsageRejected(cause: cause, service: refusal.service, reason: ErrorCode(refusal.reason))
        add(payload, organization: refusal.organization, at: context.moment, position: nil, traceparent: context.traceparent)
    }
}

extension RateAnswer {
    /// A rate as answers and events show it.
    init(_ rate: Rate, of service: String) {
        self.init(
            service: service, price: MeterRateSet.Price(rate.price), trialEligible: rate.trialEligible,
            unlimitedEligible: rate.unlimitedEligible, effectiveFrom: rate.effectiveFrom.microseconds)
    }
}

extension MeterRateSet.Price {
    init(_ price: Rate.Price) {
        self =
            switch price {
            case .perUnit(let tokens): .perUnit(tokens)
            case .passThrough: .passThrough
            }
    }
}
