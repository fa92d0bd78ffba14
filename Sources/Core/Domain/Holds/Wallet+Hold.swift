extension Wallet {
    /// Decides a hold in the order of authorization and pins tokens on lots in burn order (`domain.md` 6.1).
    ///
    /// `covered` and `shadow` pin nothing, `trial` reserves the use; overdraft does not count.
    /// The caller has made sure that the id is new.
    /// - Throws: `AmountError.overflow` before anything changed.
    public mutating func place(
        _ request: HoldRequest, _ priced: PricedUsage, cause: EventIdentity, time: Moment, at moment: Moment, systemEnabled: Bool
    ) throws(AmountError) -> Hold {
        try beginWithAllowance(cause, at: moment)
        let verdict = authorize(
            priced.cost, of: request.service, rate: priced.rate, at: time, handledAt: moment, systemEnabled: systemEnabled,
            overdraftCounts: false)
        var outcome: UsageOutcome
        var reason: UsageReason?
        var pins: [Draw] = []
        switch verdict {
        case .shadow: outcome = .shadow
        case .covered: outcome = .covered
        case .trial:
            outcome = .trial
            trialUsesLeft -= 1
            journal.countersChanged = true
            if trialUsesLeft == 0 { announce(.trialExhausted(service: request.service)) }
        case .tokens:
            outcome = .held
            pins = pin(priced.cost, at: time, handledAt: moment)
        case .suspended: (outcome, reason) = (.rejected, .walletSuspended)
        case .insufficient, .overdraft: (outcome, reason) = (.rejected, .insufficientTokens)
        }
        let endsAt = moment.adding(request.timeout)
        if outcome != .rejected {
            announce(
                .holdPlaced(
                    request.id, service: request.service, outcome: outcome, tokens: outcome == .held ? priced.cost : 0,
                    endsAt: endsAt))
        }
        return Hold(
            id: request.id, service: request.service, quantity: request.quantity, required: priced.cost,
            outcome: outcome, reason: reason, status: outcome == .rejected ? .rejected : .open, pins: pins, placedAt: moment,
            endsAt: endsAt, contentDigest: request.contentDigest, resolvedAt: outcome == .rejected ? moment : nil)
    }

    private mutating func pin(_ tokens: Int64, at time: Moment, handledAt moment: Moment) -> [Draw] {
        var pins: [Draw] = []
        var rest = tokens
        for index in lots.indices where rest > 0 {
            guard lots[index].unheld > 0, lots[index].isSpendable(at: time, handledAt: moment) else { continue }
            let pinned = min(rest, lots[index].unheld)
            lots[index].held += pinned
            rest -= pinned
            pins.append(Draw(.lot(lots[index].id), pinned))
            journal.noteChanged(lots[index].id)
        }
        held += tokens
        return pins
    }

    /// Gives back what a hold pins: the wallet's own part of a release, a sweep, or the rest of a capture.
    ///
    /// Tokens whose lot has ended meanwhile expire at once (`domain.md` 6.4); the rest of that lot waits for late events as before.
    private mutating func unpin(_ pins: [Draw], at moment: Moment) throws(AmountError) {
        for pin in pins {
            guard case .lot(let id) = pin.source, let index = indexOfLot(id) else {
                preconditionFailure("a hold's lots are loaded with it")
            }
            lots[index].held -= pin.tokens
            held -= pin.tokens
            journal.noteChanged(id)
            let hasEnded = lots[index].expiresAt.map { $0 <= moment } ?? false
            if hasEnded || lots[index].expiryPosted { try expireUnheld(id, pin.tokens, at: moment) }
        }
    }

    /// Ends an open hold without a debit: asked for, or because its end has passed (`domain.md` 6.2, 6.5).
    /// - Throws: `AmountError.overflow`; the caller keeps its copy of the wallet.
    public mutating func release(_ hold: inout Hold, expired: Bool, cause: EventIdentity, at moment: Moment) throws(AmountError) {
        precondition(hold.status == .open, "only an open hold is released")
        begin(cause, at: moment)
        let tokens = hold.pinned
        try unpin(hold.pins, at: moment)
        if hold.outcome == .trial {
            trialUsesLeft = try trialUsesLeft.plus(1)
            journal.countersChanged = true
        }
        hold.status = expired ? .expired : .released
        hold.resolvedAt = moment
        settle(.release, at: moment)
        announce(
            expired
                ? .holdExpired(hold.id, service: hold.service, tokens: tokens, endedAt: hold.endsAt)
                : .holdReleased(hold.id, service: hold.service, tokens: tokens))
    }

    /// Captures part or all of an open hold; the rest is released. Answers what was charged (`domain.md` 6.2).
    ///
    /// Tokens of lots that have ended meanwhile are used first, then the pins in the order drawn.
    /// - Throws: `AmountError.overflow`; the caller keeps its copy of the wallet.
    mutating func capture(
        _ hold: inout Hold, tokens: Int64, _ capture: UsageCharge, at moment: Moment
    ) throws(AmountError) -> Hold.Capture {
        try beginWithAllowance(capture.identity, at: moment)
        var charged: Int64 = 0
        if hold.outcome == .held {
            let ordered = hold.pins.filter { hasEnded($0, at: moment) } + hold.pins.filter { !hasEnded($0, at: moment) }
            var used: [Draw] = []
            var freed: [Draw] = []
            var rest = tokens
            for pin in ordered {
                let part = min(rest, pin.tokens)
                rest -= part
                if part > 0 { used.append(Draw(pin.source, part)) }
                if pin.tokens > part { freed.append(Draw(pin.source, pin.tokens - part)) }
            }
            for draw in used { spendPinned(draw) }
            charged = tokens
            hold.resolutionSequence = try recordUsage(capture, .debited, amount: -charged, draws: used, at: moment)
            try unpin(freed, at: moment)
        } else {
            hold.resolutionSequence = try recordUsage(capture, hold.outcome, at: moment)
        }
        hold.status = .captured
        hold.captured = tokens
        hold.resolvedAt = moment
        let made = Hold.Capture(outcome: hold.outcome == .held ? .debited : hold.outcome, tokens: charged)
        hold.capture = made
        settle(.release, at: moment)
        announce(
            .holdCaptured(
                hold.id, service: hold.service, outcome: made.outcome, tokens: charged, released: hold.pinned - charged, late: false))
        return made
    }

    private func hasEnded(_ pin: Draw, at moment: Moment) -> Bool {
        guard case .lot(let id) = pin.source, let end = lot(id)?.expiresAt else { return false }
        return end <= moment
    }

    private mutating func spendPinned(_ draw: Draw) {
        guard case .lot(let id) = draw.source, let index = indexOfLot(id) else { preconditionFailure("a hold's lots are loaded with it") }
        lots[index].held -= draw.tokens
        lots[index].remaining -= draw.tokens
        held -= draw.tokens
        journal.noteChanged(id)
    }
}
