/// What the gateway answered when it was asked for a charge whose outcome was unknown.
public enum AskResult: Hashable, Sendable {
    case paid(GatewayPayment)
    /// It was tried, and turned down.
    case notPaid(Decline)
    /// It is still being worked on, or the question was not answered.
    case stillUnknown
    /// The gateway knows no such charge; soon after the call that means nothing yet.
    case notFound
}

/// Something that is due.
public enum DueWork: String, Hashable, Sendable, CaseIterable {
    case attempt
    case ask
    /// Time is over: close the page or intent, or end what never began.
    case lapse
    /// The program that made the call is gone: its outcome is unknown.
    case lostCall = "lost_call"
}

extension Purchase {
    /// What a wake-up finds to do; nil when it came too early, or twice (`domain.md` 0.2).
    public func dueWork(at moment: Moment) -> DueWork? {
        switch (state.status, state.phase) {
        case (.pending, _): return createdAt.adding(RetryPlan.lapse) <= moment ? .lapse : nil
        case (.processing, let phase?):
            guard let due = state.nextActionAt, due <= moment else { return nil }
            switch phase {
            case .charging: return .lostCall
            case .retryWaiting: return .attempt
            case .customerAction: return .lapse
            case .unknown: return .ask
            case .parked: return nil
            }
        default: return nil
        }
    }

    /// The gateway was asked. A parked purchase can be asked for by an operator, as often as he wants.
    public mutating func asked(_ result: AskResult, _ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        if case .paid(let payment) = result { return succeeded(payment, circumstances) }
        guard state.status == .processing, state.phase == .unknown || state.phase == .parked else { return [] }
        switch result {
        case .paid, .stillUnknown: return unanswered(circumstances.moment)
        case .notPaid(let decline): return ended(.declined(decline), circumstances)
        case .notFound:
            guard let calledAt = state.calledAt, calledAt.adding(RetryPlan.notFoundMeansNotCharged) <= circumstances.moment
            else { return unanswered(circumstances.moment) }
            return ended(.declined(.neverArrived), circumstances)
        }
    }

    /// A question was asked in vain; one that nobody was to ask yet does not count.
    mutating func unanswered(_ moment: Moment) -> [PurchaseAction] {
        guard state.phase == .unknown, let due = state.nextActionAt, due <= moment else { return [] }
        state.asks += 1
        guard let delay = RetryPlan.askDelay(after: state.asks) else { return parked(.outcomeUnknown) }
        let next = moment.adding(delay)
        state.nextActionAt = next
        return [.wake(at: next)]
    }

    /// Stops by itself; only an operator, or news from the gateway, moves it on.
    mutating func parked(_ alert: OperatorAlert) -> [PurchaseAction] {
        wait(in: .parked, until: nil)
        return [.alertOperator(alert)]
    }
}
