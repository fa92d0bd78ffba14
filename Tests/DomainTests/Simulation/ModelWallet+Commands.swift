extension ModelWallet {
    private func hasEnded(_ place: Place) -> Bool {
        lots[place.lot].isPosted || lots[place.lot].ends ?? .max <= now
    }

    /// 6.4: what a hold lets go of is free, or expires at once when its lot has ended.
    private mutating func unpin(_ pins: [Place]) {
        mark(pins, .free)
        expire(pins.filter(hasEnded))
    }

    /// 6.2, 6.5: a release, or the sweep.
    mutating func release(_ id: String, status: String, cause: String, now: Int) {
        begin(cause, at: now)
        unpin(holds[id]!.pins)
        if holds[id]!.outcome == "trial" { trialUses += 1 }
        holds[id]!.status = status
        repay()
    }

    mutating func resolve(
        _ id: String, capturing tokens: Int?, price: Price, cause: String, at time: Int, now: Int, isSystemOn: Bool
    ) -> SimulatedAnswer {
        guard let hold = holds[id] else { return .refused("hold_not_found") }
        let count = tokens ?? hold.cost
        if count > hold.cost { return .refused("capture_exceeds_hold") }
        if count == 0 { return release(id, cause: cause, now: now) }
        let word = hold.outcome == "held" ? "debited" : hold.outcome
        switch hold.status {
        case "rejected": return .refused("hold_rejected")
        case "released": return .refused("already_released")
        case "captured":
            if hold.captured != count { return .refused("already_captured") }
            return .captured(word, tokens: hold.outcome == "held" ? count : 0, repeated: true)
        case "expired":
            if time >= hold.ends { return .refused("already_expired") }
            let price = Price(cost: count, isTrialEligible: price.isTrialEligible, isUnlimitedEligible: price.isUnlimitedEligible)
            let answer = use(hold.service, price, identity: cause, at: time, now: now, isSystemOn: isSystemOn, isLate: true)
            guard case .usage(let outcome, let charged, nil, _, _) = answer else { return answer }
            (holds[id]!.status, holds[id]!.captured) = ("captured", count)
            return .captured(outcome, tokens: charged, repeated: false)
        default: break
        }
        begin(cause, at: now, makingAllowance: true)
        (holds[id]!.status, holds[id]!.captured) = ("captured", count)
        var debit = Debit(identity: cause, outcome: word, service: hold.service, cost: 0, isOverdrawn: false)
        if hold.outcome == "held" {
            // 6.2: tokens of ended lots first.
            let ended = hold.pins.filter { lots[$0.lot].ends ?? .max <= now }
            let pins = ended + hold.pins.filter { !ended.contains($0) }
            let used = Array(pins.prefix(count))
            mark(used, .used)
            debit.cost = count
            debit.payers = used.map { .token($0) }
            record("usage", -count, occurred: time, outcome: word, service: hold.service, lots: used.map(\.lot))
            unpin(Array(pins.dropFirst(count)))
        } else {
            record("usage", 0, occurred: time, outcome: word, service: hold.service)
        }
        debits.append(debit)
        repay()
        return .captured(word, tokens: debit.cost, repeated: false)
    }

    mutating func release(_ id: String, cause: String, now: Int) -> SimulatedAnswer {
        guard let hold = holds[id] else { return .refused("hold_not_found") }
        switch hold.status {
        case "rejected": return .refused("hold_rejected")
        case "captured": return .refused("already_captured")
        case "expired": return .refused("already_expired")
        case "released": return .released(hold.pins.count, repeated: true)
        default: break
        }
        release(id, status: "released", cause: cause, now: now)
        return .released(hold.pins.count, repeated: false)
    }

    /// Tokens that come as a lot of their own.
    mutating func credit(_ type: String, _ tokens: Int, isPaid: Bool = false, priority: Int = 50, starts: Int? = nil, ends: Int? = nil) {
        lots.append(
            Lot(
                tokens: Array(repeating: .free, count: tokens), priority: priority, isPaid: isPaid, starts: starts ?? now, ends: ends,
                created: now))
        record(type, tokens, occurred: now)
        repay()
    }

    /// 4.2.
    mutating func adjust(_ tokens: Int, cause: String, now: Int) -> SimulatedAnswer {
        let before = self
        begin(cause, at: now)
        if tokens > 0 {
            credit("adjustment", tokens)
            return .done
        }
        let taken = Array(free(at: now).prefix(-tokens))
        guard taken.count == -tokens else {
            self = before
            return .refused("insufficient_tokens")
        }
        mark(taken, .gone)
        record("adjustment", tokens, occurred: now, lots: taken.map(\.lot))
        return .done
    }

    /// 12.1: an hour after its end, what no hold pins expires; what is pinned stays for its hold.
    mutating func expireLots(cause: String, now: Int) -> Int {
        self.cause = cause
        self.now = now
        var sum = 0
        let order = lots.indices.sorted { key($0) < key($1) }
        for lot in order where lots[lot].ends ?? .max <= now - 3_600 && Self.left(lots[lot]) > 0 {
            let free = lots[lot].tokens.indices.filter { lots[lot].tokens[$0] == .free }.map { Place(lot: lot, token: $0) }
            sum += free.count
            expire(free)
            lots[lot].isPosted = true
        }
        repay()
        return sum
    }

    /// Everything that the product stores of a wallet too.
    func plain(at now: Int) -> PlainWallet {
        var copy = self
        copy.now = now
        return PlainWallet(
            figures: copy.figures(at: now), posted: posted, debt: debt,
            spent: -rows.filter { $0.type.hasPrefix("usage") }.reduce(0) { $0 + $1.amount },
            expired: -rows.filter { $0.type == "expiry" }.reduce(0) { $0 + $1.amount },
            lots: lots.map { [Self.left($0), $0.tokens.count { $0 == .pinned }] },
            owed: debits.filter(\.isOverdrawn).map(Self.owed),
            holds: holds.mapValues(\.status))
    }

    func figures(at now: Int) -> PlainFigures {
        var copy = self
        copy.now = now
        return PlainFigures(
            balance: copy.own(at: now), available: copy.available(at: now),
            held: lots.reduce(0) { $0 + $1.tokens.count { $0 == .pinned } }, trialUses: trialUses, isSuspended: isSuspended,
            sequence: rows.count)
    }
}
