extension ModelWallet {
    /// What a service costs and whom it suits, as the price list says for the moment of an event.
    struct Price {
        var cost: Int
        var isTrialEligible: Bool
        var isUnlimitedEligible: Bool
    }

    /// 5.3: the order in which somebody pays. The words are those of the outcomes.
    private func verdict(_ price: Price, _ service: String, at time: Int, isSystemOn: Bool, withOverdraft: Bool = true) -> String {
        if !isSystemOn { return "shadow" }
        if isSuspended { return "wallet_suspended" }
        let isCovered = cover.contains { cover in
            cover.starts <= time && time < cover.ends ?? .max
                && (cover.services.contains(service) || (cover.services.contains("*") && price.isUnlimitedEligible))
        }
        if isCovered { return "covered" }
        if trialUses > 0 && price.isTrialEligible { return "trial" }
        let lacking = price.cost - free(at: time).count
        if lacking <= 0 { return "debited" }
        if withOverdraft && debt + lacking <= overdraft ?? .max { return "overdrawn" }
        return "insufficient_tokens"
    }

    mutating func use(
        _ service: String, _ price: Price, identity: String, at time: Int, now: Int, isSystemOn: Bool, isLate: Bool = false
    ) -> SimulatedAnswer {
        begin(identity, at: now, makingAllowance: true)
        let before = available(at: time)
        let verdict = verdict(price, service, at: time, isSystemOn: isSystemOn)
        let late: String? = isLate ? "late" : nil
        switch verdict {
        case "wallet_suspended", "insufficient_tokens":
            let reason = isLate ? "late,\(verdict)" : verdict
            record("usage", 0, occurred: time, outcome: "rejected", reason: reason, service: service)
            debits.append(Debit(identity: identity, outcome: "rejected", service: service, cost: 0, isOverdrawn: false))
            return .usage("rejected", tokens: 0, reason: verdict, required: price.cost, available: before)
        case "debited", "overdrawn":
            let tokens = Array(free(at: time).prefix(price.cost))
            mark(tokens, .used)
            let lacking = price.cost - tokens.count
            let review = lacking > 0 && overdraft == nil ? "review" : nil
            let lots = tokens.map { Optional($0.lot) } + Array(repeating: nil, count: lacking)
            let reason = [late, review].compactMap { $0 }.joined(separator: ",")
            record(
                "usage", -price.cost, occurred: time, outcome: verdict, reason: reason.isEmpty ? nil : reason, service: service, lots: lots)
            debits.append(
                Debit(
                    identity: identity, outcome: verdict, service: service, cost: price.cost, isOverdrawn: lacking > 0,
                    payers: tokens.map { .token($0) } + Array(repeating: .nobodyYet, count: lacking)))
            repay()
            return .usage(verdict, tokens: price.cost, reason: nil, required: price.cost, available: before)
        default:
            if verdict == "trial" { trialUses -= 1 }
            record("usage", 0, occurred: time, outcome: verdict, reason: late, service: service)
            debits.append(Debit(identity: identity, outcome: verdict, service: service, cost: 0, isOverdrawn: false))
            return .usage(verdict, tokens: 0, reason: nil, required: price.cost, available: before)
        }
    }

    /// U5: who would pay; works on a copy.
    func check(_ service: String, _ price: Price, at time: Int, now: Int, isSystemOn: Bool) -> SimulatedAnswer {
        var copy = self
        copy.begin("", at: now, makingAllowance: true)
        let payers = ["shadow": "shadow", "covered": "subscription", "trial": "trial", "debited": "tokens", "overdrawn": "overdraft"]
        return .check(
            by: payers[copy.verdict(price, service, at: time, isSystemOn: isSystemOn)], required: price.cost,
            available: copy.available(at: time))
    }

    /// 5.8: payers are let go from the last one on.
    mutating func refund(_ identity: String, _ tokens: Int?, cause: String, now: Int) -> SimulatedAnswer {
        guard let place = debits.firstIndex(where: { $0.identity == identity }) else { return .refused("usage_not_found") }
        let debit = debits[place]
        switch debit.outcome {
        case "covered", "shadow": return .tokens(0)
        case "rejected": return .refused("nothing_debited")
        case "trial":
            if debit.isTrialReturned { return .refused("already_refunded") }
            begin(cause, at: now)
            debits[place].isTrialReturned = true
            trialUses += 1
            record("usage_refund", 0, occurred: now, service: debit.service)
            return .tokens(0)
        default: break
        }
        if debit.cost == 0 { return tokens ?? 0 > 0 ? .refused("refund_exceeds_debit") : .tokens(0) }
        if debit.payers.isEmpty { return .refused("already_refunded") }
        let count = tokens ?? debit.payers.count
        if count > debit.payers.count { return .refused("refund_exceeds_debit") }
        begin(cause, at: now)
        var returned: [Place] = []
        var lots: [Int?] = []
        for _ in 0..<count {
            switch debits[place].payers.removeLast() {
            case .nobodyYet: lots.append(nil)
            case .token(let token), .later(let token):
                lots.append(token.lot)
                returned.append(token)
            }
        }
        mark(returned, .free)
        record("usage_refund", count, occurred: now, service: debit.service, lots: lots)
        expire(returned.filter { self.lots[$0.lot].isPosted })
        repay()
        return .tokens(count)
    }

    /// 6.1.
    mutating func placeHold(
        _ id: String, _ service: String, _ price: Price, content: String, timeout: Int, cause: String, at time: Int, now: Int,
        isSystemOn: Bool
    ) -> SimulatedAnswer {
        begin(cause, at: now, makingAllowance: true)
        let verdict = verdict(price, service, at: time, isSystemOn: isSystemOn, withOverdraft: false)
        var hold = Hold(
            service: service, cost: price.cost, outcome: verdict, status: "open", ends: now + timeout, content: content)
        switch verdict {
        case "wallet_suspended", "insufficient_tokens":
            (hold.outcome, hold.reason, hold.status) = ("rejected", verdict, "rejected")
        case "trial": trialUses -= 1
        case "debited":
            hold.outcome = "held"
            hold.pins = Array(free(at: time).prefix(price.cost))
            mark(hold.pins, .pinned)
        default: break
        }
        holds[id] = hold
        return .held(hold.outcome, tokens: hold.pins.count, reason: hold.reason, repeated: false)
    }
}
