/// How the customer pays.
public enum ChargeWay: Hashable, Sendable {
    /// A saved payment method, and when its card was tried before.
    case savedMethod(attempts: [Moment])
    /// A page of the gateway.
    case hostedPage
}

/// Why an attempt did not begin. Nothing changed.
public enum ChargeRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// `domain.md` 7.9: no charge starts.
    case systemDisabled = "system_disabled"
    /// One is under way, or nobody knows yet how it ended.
    case chargeInProgress = "charge_in_progress"
    /// It is not waiting for an attempt any more.
    case purchaseSettled = "purchase_settled"
    /// The wake-up came too early.
    case notDue = "not_due"
    /// The card was tried as often as the networks allow.
    case cardAttemptsUsedUp = "card_attempts_used_up"
}

/// What a renewal may still hope for (`domain.md` 9.4, 9.5). Other purchases, and a first period, have none: a decline fails them.
public struct RenewalHope: Hashable, Sendable {
    /// The next attempt of the grace period; nil after the last one.
    public let nextAttemptAt: Moment?
    public let graceEndsAt: Moment

    public init(nextAttemptAt: Moment?, graceEndsAt: Moment) {
        self.nextAttemptAt = nextAttemptAt
        self.graceEndsAt = graceEndsAt
    }
}

/// What a decision needs to know beside the purchase itself.
public struct PurchaseCircumstances: Hashable, Sendable {
    public let moment: Moment
    public let renewal: RenewalHope?
    /// Whether another purchase of the scope completed since this one's attempt was made (`domain.md` 7.8).
    public let hasSuccessor: Bool
    /// Thousandths of a step, 0 to 500, that a delay is longer by.
    public let jitter: Int64

    public init(at moment: Moment, renewal: RenewalHope? = nil, hasSuccessor: Bool = false, jitter: Int64 = 0) {
        self.moment = moment
        self.renewal = renewal
        self.hasSuccessor = hasSuccessor
        self.jitter = jitter
    }
}

extension Purchase {
    /// Begins an attempt: the first one, the next one when it is due, or at once because of a new payment method.
    ///
    /// - Parameter isEarly: whether it may begin before its moment.
    /// - Throws: a refusal; nothing changed.
    public mutating func begin(
        _ way: ChargeWay, isEarly: Bool = false, systemEnabled: Bool, at moment: Moment
    ) throws(ChargeRefusal) -> [PurchaseAction] {
        switch (state.status, state.phase) {
        case (.pending, _): break
        case (.processing, .customerAction) where !state.hasPage && state.closing == nil: break
        case (.processing, .retryWaiting):
            guard isEarly || state.nextActionAt.map({ $0 <= moment }) ?? false else { throw .notDue }
        case (.processing, _): throw .chargeInProgress
        default: throw .purchaseSettled
        }
        guard systemEnabled else { throw .systemDisabled }
        if case .savedMethod(let attempts) = way, !RetryPlan.mayTryCard(attempts: attempts, at: moment) { throw .cardAttemptsUsedUp }
        if !state.repeatsAttempt {
            state.attempts += 1
            state.slowDowns = 0
        }
        state.repeatsAttempt = false
        if state.status == .pending { become(.processing) }
        state.calledAt = moment
        state.asks = 0
        state.hasPage = way == .hostedPage
        wait(in: .charging, until: moment.adding(RetryPlan.callIsLost))
        return [state.hasPage ? .openPage(attempt: state.attempts) : .charge(attempt: state.attempts)]
    }

    /// Another payment method takes part: what the gateway turned away unread was another call, so the next one has a key of its own.
    public mutating func takeOtherMethod() {
        state.repeatsAttempt = false
    }

    /// The page stands: the customer has a day to pay on it. Where nobody wants the purchase any more, the page is closed at once.
    public mutating func pageOpened(at moment: Moment) -> [PurchaseAction] {
        guard state.status == .processing, state.phase == .charging, state.hasPage else { return [] }
        if state.isCancelWished { return close(.cancelled, at: moment) }
        let end = moment.adding(RetryPlan.lapse)
        wait(in: .customerAction, until: end)
        return [.requireCustomer(until: end), .wake(at: end)]
    }

    /// An attempt has an outcome, or its program died before it had one (`unknown`).
    ///
    /// A success counts whenever it comes. Anything else counts once: for an attempt that is under way or unknown.
    public mutating func ended(_ outcome: ChargeOutcome, _ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        if case .succeeded(let payment) = outcome { return succeeded(payment, circumstances) }
        guard state.status == .processing, let phase = state.phase, [.charging, .unknown, .parked].contains(phase) else { return [] }
        switch outcome {
        case .succeeded: return []
        case .declined(let decline): return declined(decline, circumstances)
        // The same call was made again to ask. What it met says nothing about the first one.
        case .unknown where phase != .charging, .slowDown where phase != .charging: return unanswered(circumstances.moment)
        case .refused(let code) where phase != .charging:
            return [.alertOperator(.refused(code: code))] + unanswered(circumstances.moment)
        case .unknown: return becameUnknown(circumstances)
        case .slowDown: return slowedDown(circumstances)
        case .refused(let code):
            return [.alertOperator(.refused(code: code))] + notCharged(code, retryAt: circumstances.renewal?.nextAttemptAt, circumstances)
        }
    }

    /// An attempt did not begin because its card is used up (`ChargeRefusal.cardAttemptsUsedUp`): a renewal waits for a new payment
    /// method, anything else ends.
    public mutating func cardIsUsedUp(_ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        let reason = ChargeRefusal.cardAttemptsUsedUp.rawValue
        switch (state.status, state.phase) {
        case (.pending, _):
            become(.cancelled, reason: reason)
            return [.cancel]
        case (.processing, .retryWaiting): return notCharged(reason, retryAt: nil, circumstances)
        default: return []
        }
    }

    /// Nobody is charged by a page that may or may not stand: opening it again with the same key is harmless. Everything else is asked for.
    private mutating func becameUnknown(_ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        if state.hasPage {
            let actions = slowedDown(circumstances)
            // Paystack knows no repeated call: the next page is another one, and the first, of which nobody has heard, is never used.
            if gateway == .paystack { state.repeatsAttempt = false }
            return actions
        }
        guard let delay = RetryPlan.askDelay(after: 0) else { return [] }
        let moment = circumstances.moment.adding(delay)
        state.asks = 0
        wait(in: .unknown, until: moment)
        return [.wake(at: moment)]
    }

    private mutating func declined(_ decline: Decline, _ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        var decline = decline
        if !decline.isKnown {
            // Soft, once: a code that nobody knows is not tried a third time.
            if state.hadUnknownCode { decline = Decline(.hard, code: decline.code, isKnown: false, retiresMethod: false) }
            state.hadUnknownCode = true
        }
        let retired: [PurchaseAction] = decline.retiresMethod ? [.retireMethod(reason: decline.code)] : []
        switch decline.kind {
        case .soft: return retired + notCharged(decline.code, retryAt: circumstances.renewal?.nextAttemptAt, circumstances)
        case .hard: return retired + notCharged(decline.code, retryAt: nil, circumstances)
        case .needsCustomer:
            if state.isCancelWished { return retired + notCharged(decline.code, retryAt: nil, circumstances) }
            let end = circumstances.renewal?.graceEndsAt ?? circumstances.moment.adding(RetryPlan.customerAction)
            state.failure = decline.code
            state.hasPage = false
            wait(in: .customerAction, until: end)
            return retired + [.requireCustomer(until: end), .wake(at: end)]
        }
    }

    /// The attempt is over and nobody was charged: a renewal waits, anything else ends.
    private mutating func notCharged(_ reason: String, retryAt: Moment?, _ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        if state.isCancelWished {
            become(.cancelled, reason: reason)
            return [.cancel]
        }
        guard circumstances.renewal != nil else {
            become(.failed, reason: reason)
            return [.fail(reason: reason)]
        }
        state.failure = reason
        wait(in: .retryWaiting, until: retryAt)
        return retryAt.map { [.wake(at: $0)] } ?? []
    }

    private mutating func slowedDown(_ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        let next = circumstances.moment.adding(RetryPlan.slowDownDelay(after: state.slowDowns, jitter: circumstances.jitter))
        if state.isCancelWished || (circumstances.renewal == nil && next > createdAt.adding(RetryPlan.lapse)) {
            return notCharged("gateway_busy", retryAt: next, circumstances)
        }
        state.repeatsAttempt = true
        state.slowDowns += 1
        wait(in: .retryWaiting, until: next)
        return [.wake(at: next)]
    }
}
