/// What became of the wish to cancel a purchase (`domain.md` 7.8).
public enum CancelVerdict: Hashable, Sendable {
    /// It is cancelled now, or was before.
    case cancelled
    /// The page or intent is closed at the gateway first; `closed` tells what came of it.
    case closing
    /// Somebody may be charged at this moment: the wish is kept, and a success is given back.
    case chargeInProgress
    /// There is nothing left to cancel.
    case settled(PurchaseStatus)
}

/// What the gateway answered when a page or intent was to be closed.
public enum CloseResult: Hashable, Sendable {
    case closed
    case alreadyPaid(GatewayPayment)
    /// No answer, or one that cannot be read: it is closed again later.
    case unknown
}

extension Purchase {
    /// Somebody does not want it any more.
    ///
    /// - Parameter hasIntent: whether the gateway keeps something open for it: a page, or an intent that a decline left behind.
    public mutating func cancel(hasIntent: Bool, at moment: Moment) -> (CancelVerdict, [PurchaseAction]) {
        switch (state.status, state.phase) {
        case (.cancelled, _): return (.cancelled, [])
        case (.pending, _), (.processing, .retryWaiting), (.processing, .customerAction):
            guard hasIntent || state.hasPage else {
                become(.cancelled)
                return (.cancelled, [.cancel])
            }
            return (.closing, close(.cancelled, at: moment))
        case (.processing, _):
            state.isCancelWished = true
            return (.chargeInProgress, [])
        default: return (.settled(state.status), [])
        }
    }

    /// Time is over (`dueWork` said so): what never began is cancelled, what the gateway keeps open is closed there first.
    public mutating func lapse(at moment: Moment) -> [PurchaseAction] {
        guard dueWork(at: moment) == .lapse else { return [] }
        guard state.status == .pending else { return close(state.closing ?? (state.hasPage ? .lapsed : .actionExpired), at: moment) }
        become(.cancelled, reason: ClosingReason.lapsed.rawValue)
        return [.cancel]
    }

    /// The gateway has closed the page by itself: nobody can pay on it any more.
    public mutating func pageExpired() -> [PurchaseAction] {
        guard state.status == .processing, state.phase == .customerAction, state.hasPage else { return [] }
        let reason = state.closing ?? .lapsed
        state.closing = nil
        become(.cancelled, reason: reason.rawValue)
        return [.cancel]
    }

    mutating func close(_ reason: ClosingReason, at moment: Moment) -> [PurchaseAction] {
        state.closing = reason
        let again = moment.adding(.minutes(1))
        if state.status == .pending { become(.processing) }
        wait(in: .customerAction, until: again)
        return [.closeAtGateway, .wake(at: again)]
    }

    /// The gateway was told to close the page or intent.
    public mutating func closed(_ result: CloseResult, _ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        guard state.status == .processing, let reason = state.closing else {
            if case .alreadyPaid(let payment) = result { return succeeded(payment, circumstances) }
            return []
        }
        switch result {
        case .unknown: return []
        case .alreadyPaid(let payment):
            state.closing = nil
            return succeeded(payment, circumstances)
        case .closed:
            state.closing = nil
            guard reason == .actionExpired else {
                become(.cancelled, reason: reason.rawValue)
                return [.cancel]
            }
            let failure = state.failure ?? reason.rawValue
            become(.failed, reason: failure)
            return [.fail(reason: failure)]
        }
    }
}
