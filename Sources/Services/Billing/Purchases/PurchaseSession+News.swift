import Domain
import Messages
import Payments
import Postgres
import Runtime
import Store

/// What a gateway said, applied to the purchase or refund that asked.
extension PurchaseSession {
    /// - Returns: a further call that the news make necessary.
    func apply(_ news: GatewayNews) throws -> PlannedCall? {
        switch news {
        case .charged(let id, let attempt, let outcome):
            try load([id])
            end(id, attempt, outcome)
            return try act(decide(id) { $0.ended(outcome, circumstances(id)) }, on: id)
        case .opened(let id, let attempt, let outcome):
            try load([id])
            return try opened(id, attempt, outcome)
        case .asked(let id, let attempt, let result):
            try load([id])
            guard let attempt else { return try heardOfCharge(id, result) }
            end(id, attempt, result)
            return try act(decide(id) { $0.asked(result, circumstances(id)) }, on: id)
        case .closed(let id, let result):
            try load([id])
            if case .closed = result { requests.append(ending(id, stored(id).purchase.state.attempts, .closed, nil)) }
            if case .alreadyPaid(let payment) = result {
                requests.append(ending(id, stored(id).purchase.state.attempts, .succeeded, nil, object: payment.transaction))
            }
            return try act(decide(id) { $0.closed(result, circumstances(id)) }, on: id)
        case .refund(let id, let outcome): return try applyRefund(id, outcome)
        // Not about a purchase: whoever asked reads them.
        case .method, .methodPage: return nil
        }
    }

    private func opened(_ id: Int64, _ attempt: Int, _ outcome: PageOutcome) throws -> PlannedCall? {
        let circumstances = circumstances(id)
        switch outcome {
        case .opened(let page, let url):
            var stored = stored(id)
            stored.gatewayObject = page
            stored.pageURL = url
            purchases[id] = stored
            requests.append(ending(id, attempt, .unknown, nil, object: page))
            return try act(decide(id) { $0.pageOpened(at: moment) }, on: id)
        case .unknown: return try act(decide(id) { $0.ended(.unknown, circumstances) }, on: id)
        case .slowDown: return try act(decide(id) { $0.ended(.slowDown, circumstances) }, on: id)
        case .refused(let code):
            requests.append(ending(id, attempt, .refused, code))
            return try act(decide(id) { $0.ended(.refused(code: code), circumstances) }, on: id)
        }
    }

    // MARK: What became of an attempt

    private func end(_ id: Int64, _ attempt: Int, _ outcome: ChargeOutcome) {
        switch outcome {
        case .succeeded(let payment): requests.append(ending(id, attempt, .succeeded, nil, object: payment.transaction))
        case .declined(let decline): requests.append(ending(id, attempt, AttemptOutcome(decline.kind), decline.code))
        case .unknown: requests.append(ending(id, attempt, .unknown, nil))
        case .refused(let code): requests.append(ending(id, attempt, .refused, code))
        case .slowDown: requests.append(ending(id, attempt, .slowDown, nil))
        }
    }

    private func end(_ id: Int64, _ attempt: Int, _ result: AskResult) {
        switch result {
        case .paid(let payment): requests.append(ending(id, attempt, .succeeded, nil, object: payment.transaction))
        case .notPaid(let decline):
            let outcome = decline == .neverArrived ? AttemptOutcome.notCharged : AttemptOutcome(decline.kind)
            requests.append(ending(id, attempt, outcome, decline.code))
        case .stillUnknown, .notFound: break
        }
    }

    /// A charge that a webhook named was looked at. It may be that of an earlier attempt: a success counts whenever it comes, and what else
    /// became of it says nothing about the attempt that is under way.
    private func heardOfCharge(_ id: Int64, _ result: AskResult) throws -> PlannedCall? {
        guard case .paid = result else { return nil }
        let actions = decide(id) { $0.asked(result, circumstances(id)) }
        for case .complete(let payment) in actions {
            requests.append(ending(id, stored(id).purchase.state.attempts, .succeeded, nil, object: payment.transaction))
        }
        return try act(actions, on: id)
    }

    private func ending(
        _ id: Int64, _ attempt: Int, _ outcome: AttemptOutcome, _ code: String?, object: String? = nil
    ) -> Postgres.Request {
        PaymentAttempts.ending(id, attempt, outcome, code: code, object: object, at: moment)
    }
}

extension AttemptOutcome {
    /// The word for a decline.
    init(_ kind: DeclineClass) {
        self =
            switch kind {
            case .soft: .softDecline
            case .hard: .hardDecline
            case .needsCustomer: .needsCustomer
            }
    }
}
