/// All wallets of the model, the price list, and what was decided before: what a message is answered, and what it changes.
struct ModelWorld {
    private struct Rate {
        var price: Int?
        var from: Int
        var isTrialEligible: Bool
        var isUnlimitedEligible: Bool
    }

    /// What a refused event has left behind (5.2).
    struct Refusal: Equatable {
        var reason: String
        var count: Int
        var isAccepted = false
    }

    var wallets: [Int: ModelWallet] = [:]
    var refusals: [String: Refusal] = [:]
    private var rates: [String: [Rate]] = [:]
    private var isSystemOn = true
    private var decided: [String: (content: String, answer: SimulatedAnswer)] = [:]
    private var answered: [String: SimulatedAnswer] = [:]

    mutating func handle(_ message: SimulatedMessage, now: Int) -> SimulatedAnswer {
        if message.isRequest, let before = answered[message.id] { return before }
        let answer = act(message, now: now)
        if message.isRequest { answered[message.id] = answer }
        return answer
    }

    private mutating func act(_ message: SimulatedMessage, now: Int) -> SimulatedAnswer {
        switch message.body {
        case .use(let use): return self.use(use, message, now: now)
        case .systemSwitch(let isOn): isSystemOn = isOn
        case .rate(let service, let price, let from, let trial, let unlimited):
            rates[service, default: []].removeAll { $0.from == from }
            rates[service, default: []].append(Rate(price: price, from: from, isTrialEligible: trial, isUnlimitedEligible: unlimited))
        case .open(let trialUses, let allowance, let welcome):
            guard wallets[message.organization] == nil else { return .changed(false) }
            var wallet = ModelWallet(opened: now, trialUses: trialUses, allowance: allowance)
            wallet.begin(message.id, at: now, makingAllowance: true)
            if welcome > 0 { wallet.credit("grant", welcome) }
            wallets[message.organization] = wallet
            return .changed(true)
        case .expire:
            return .tokens(wallets.keys.sorted().reduce(0) { $0 + wallets[$1]!.expireLots(cause: message.id, now: now) })
        case .month:
            for key in wallets.keys.sorted() { wallets[key]!.begin(message.id, at: now, makingAllowance: true) }
        case .sweep:
            var count = 0
            for key in wallets.keys.sorted() {
                let due = wallets[key]!.holds.filter { $0.value.status == "open" && $0.value.ends <= now }.sorted {
                    ($0.value.ends, $0.key) < ($1.value.ends, $1.key)
                }
                for hold in due { wallets[key]!.release(hold.key, status: "expired", cause: message.id, now: now) }
                count += due.count
            }
            return .tokens(count)
        default:
            guard var wallet = wallets[message.organization] else { return .refused("unknown_organization") }
            let answer = act(message, on: &wallet, now: now)
            wallets[message.organization] = wallet
            return answer
        }
        return .done
    }

    private func act(_ message: SimulatedMessage, on wallet: inout ModelWallet, now: Int) -> SimulatedAnswer {
        let id = message.id
        switch message.body {
        case .check(let use):
            guard case .price(let price) = self.price(use, now: now) else { return refusal(use, now: now) }
            return wallet.check(use.service, price, at: use.time, now: now, isSystemOn: isSystemOn)
        case .hold(let hold, let use, let timeout):
            let content = "\(use.service) \(use.quantity) \(use.tokens ?? 0) \(timeout)"
            if let known = wallet.holds[hold] {
                guard known.content == content else { return .refused("event_conflict") }
                return .held(known.outcome, tokens: known.pins.count, reason: known.reason, repeated: true)
            }
            guard case .price(let price) = self.price(use, now: now) else { return refusal(use, now: now) }
            return wallet.placeHold(
                hold, use.service, price, content: content, timeout: timeout, cause: id, at: use.time, now: now, isSystemOn: isSystemOn)
        case .capture(let hold, let tokens, let time):
            guard let service = wallet.holds[hold]?.service, let rate = rate(of: service, at: time) else {
                return .refused("hold_not_found")
            }
            let price = ModelWallet.Price(cost: 0, isTrialEligible: rate.isTrialEligible, isUnlimitedEligible: rate.isUnlimitedEligible)
            return wallet.resolve(hold, capturing: tokens, price: price, cause: id, at: time, now: now, isSystemOn: isSystemOn)
        case .release(let hold): return wallet.release(hold, cause: id, now: now)
        case .refund(let identity, let tokens): return wallet.refund(identity, tokens, cause: id, now: now)
        case .adjust(let tokens): return wallet.adjust(tokens, cause: id, now: now)
        case .grant(let tokens, let paid, let priority, let starts, let ends):
            if let ends, ends <= now || ends <= starts ?? now { return .refused("already_expired") }
            wallet.begin(id, at: now)
            wallet.credit("grant", tokens, isPaid: paid, priority: priority, starts: starts, ends: ends)
        default: return set(message, on: &wallet, now: now)
        }
        return .done
    }

    private func set(_ message: SimulatedMessage, on wallet: inout ModelWallet, now: Int) -> SimulatedAnswer {
        if case .allowance(let tokens) = message.body {
            // This month's comes first, so that the change cannot touch it (12.3).
            wallet.begin(message.id, at: now, makingAllowance: true)
            wallet.nextAllowance = tokens
            return .done
        }
        let before = wallet
        wallet.begin(message.id, at: now)
        switch message.body {
        case .suspend, .reactivate:
            let wanted = message.body == .suspend
            defer { wallet.isSuspended = wanted }
            return .changed(wallet.isSuspended != wanted)
        case .overdraft(let limit):
            if wallet.debt > limit ?? .max {
                wallet = before
                return .refused("overdraft_limit_below_debt")
            }
            wallet.overdraft = limit
        case .trialUses(let uses): wallet.trialUses = uses
        case .cover(let services, let starts, let ends):
            wallet.cover.append(ModelWallet.Cover(services: services, starts: starts, ends: ends))
        default: break
        }
        return .done
    }

    /// 5.1 and 5.2: known events first, then refusals, which are not final.
    private mutating func use(_ use: SimulatedMessage.Use, _ message: SimulatedMessage, now: Int) -> SimulatedAnswer {
        let content = "\(message.organization) \(use.service) \(use.quantity) \(use.tokens ?? 0)"
        if let known = decided[message.id] {
            if known.content == content { return known.answer }
            return note("conflict", message.id, content)
        }
        guard var wallet = wallets[message.organization] else { return note("unknown_organization", message.id, content) }
        guard case .price(let price) = self.price(use, now: now) else {
            guard case .refused(let reason) = refusal(use, now: now) else { return .done }
            return note(reason, message.id, content)
        }
        let answer = wallet.use(use.service, price, identity: message.id, at: use.time, now: now, isSystemOn: isSystemOn)
        wallets[message.organization] = wallet
        if case .usage(let outcome, let tokens, _, _, _) = answer {
            decided[message.id] = (content, .known(outcome, tokens: tokens))
        }
        for key in refusals.keys where key.hasPrefix("\(message.id) ") { refusals[key]!.isAccepted = true }
        return answer
    }

    private mutating func note(_ reason: String, _ identity: String, _ content: String) -> SimulatedAnswer {
        let key = "\(identity) \(content)"
        refusals[key, default: Refusal(reason: reason, count: 0)].count += 1
        return .refused(reason)
    }

    private enum Pricing {
        case price(ModelWallet.Price)
        case refused(String)
    }

    private func refusal(_ use: SimulatedMessage.Use, now: Int) -> SimulatedAnswer {
        if case .refused(let reason) = price(use, now: now) { .refused(reason) } else { .done }
    }

    /// The newest rate that had begun; before the first one, the first one.
    private func rate(of service: String, at time: Int) -> Rate? {
        let sorted = (rates[service] ?? []).sorted { $0.from < $1.from }
        return sorted.filter { $0.from <= time }.last ?? sorted.first
    }

    private func price(_ use: SimulatedMessage.Use, now: Int) -> Pricing {
        guard let rate = rate(of: use.service, at: use.time) else { return .refused("unknown_service") }
        let cost = rate.price.map { $0 * use.quantity } ?? use.tokens ?? 0
        if use.quantity < 1 || (rate.price == nil && cost < 1) { return .refused("invalid_quantity") }
        if use.time > now + 300 { return .refused("too_far_ahead") }
        if use.time < now - 35 * 86_400 { return .refused("too_old") }
        return .price(
            ModelWallet.Price(cost: cost, isTrialEligible: rate.isTrialEligible, isUnlimitedEligible: rate.isUnlimitedEligible))
    }

    /// Moments at which something begins or ends.
    func edges() -> [Int] {
        wallets.values.flatMap { wallet in
            wallet.lots.flatMap { lot in [lot.starts] + (lot.ends.map { [$0, $0 + 3_600] } ?? []) }
                + wallet.holds.values.map(\.ends) + wallet.cover.compactMap(\.ends)
        }
    }
}
