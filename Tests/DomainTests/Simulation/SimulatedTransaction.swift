import Domain

/// One transaction of the thinnest possible service around the product's rules: loads wallets, decides messages on them in memory, and
/// stores their journals at the end. Whoever throws it away has done nothing.
struct SimulatedTransaction {
    private(set) var tables: SimulatedTables
    /// As loaded: repayments of this transaction are in the journals.
    private let before: SimulatedTables
    private var wallets: [Int: Wallet] = [:]
    private var random: SplitMix

    /// - Parameter seed: decides in which order lots are loaded, which must not matter.
    init(_ tables: SimulatedTables, seed: UInt64) {
        self.tables = tables
        before = tables
        random = SplitMix(seed: seed)
        for organization in 0..<3 { wallets[organization] = tables.load(organization, shuffledBy: &random) }
    }

    /// The tables after the commit.
    func committed() throws(SimulationFailure) -> SimulatedTables {
        var tables = tables
        for organization in 0..<3 {
            if let wallet = wallets[organization] { try tables.store(wallet, of: organization) }
        }
        return tables
    }

    /// Organizations whose wallets a step has changed.
    var changed: Set<Int> {
        Set(wallets.filter { !$0.value.journal.isEmpty }.keys)
    }

    func figures(_ organization: Int, at now: Int) -> PlainFigures? {
        wallets[organization].map { PlainFigures($0.figures(at: Moment(now))) }
    }

    mutating func handle(_ message: SimulatedMessage, now: Int) -> SimulatedAnswer {
        if message.isRequest, let before = tables.answered[message.id] { return before }
        let answer = act(message, now: now)
        if message.isRequest { tables.answered[message.id] = answer }
        return answer
    }

    private mutating func act(_ message: SimulatedMessage, now: Int) -> SimulatedAnswer {
        let cause = EventIdentity(source: "/simulation", id: message.id)
        switch message.body {
        case .use(let use): return self.use(use, message, cause, now: now)
        case .systemSwitch(let isOn): tables.isSystemOn = isOn
        case .rate(let service, let price, let from, let trial, let unlimited):
            let price: Rate.Price = if let price { .perUnit(Int64(price)) } else { .passThrough }
            tables.rates.set(
                Rate(price: price, effectiveFrom: Moment(from), trialEligible: trial, unlimitedEligible: unlimited), for: service)
        case .open(let trialUses, let allowance, let welcome):
            guard wallets[message.organization] == nil else { return .changed(false) }
            var wallet = Wallet(
                id: Int64(message.organization + 1), organization: "org-\(message.organization)", trialUsesLeft: Int64(trialUses),
                allowance: Allowance(tokens: Int64(allowance)), recordedAt: Moment(now))
            tables.accounts[message.organization] = SimulatedTables.Account(row: wallet)
            // An overflow here is a bug that the run should stop at.
            try! wallet.open(welcomeGrant: Int64(welcome), cause: cause, at: Moment(now))
            wallets[message.organization] = wallet
            return .changed(true)
        case .expire:
            var sum: Int64 = 0
            // An overflow here is a bug that the run should stop at.
            for key in wallets.keys.sorted() { sum += try! wallets[key]!.expireLots(lateWindow: .hours(1), cause: cause, at: Moment(now)) }
            return .tokens(Int(sum))
        // An overflow here is a bug that the run should stop at.
        case .month: for key in wallets.keys.sorted() { try! wallets[key]!.makeAllowance(cause: cause, at: Moment(now)) }
        case .sweep: return sweep(cause, now: now)
        default:
            guard var wallet = wallets[message.organization] else { return .refused("unknown_organization") }
            do {
                let answer = try act(message, on: &wallet, cause, Moment(now))
                wallets[message.organization] = wallet
                return answer
            } catch {
                return .refused(Self.word(error))
            }
        }
        return .done
    }

    private static func word(_ error: any Error) -> String {
        switch error {
        case let error as HoldRefusal: error.rawValue
        case let error as UsageRefundRefusal: error.rawValue
        case let error as WalletRefusal: error.rawValue
        case let error as UsageRefusal: error.reason.rawValue
        default: "\(error)"
        }
    }

    private mutating func act(
        _ message: SimulatedMessage, on wallet: inout Wallet, _ cause: EventIdentity, _ now: Moment
    ) throws -> SimulatedAnswer {
        switch message.body {
        case .check(let use):
            let check = try wallet.check(
                service: use.service, price(use, now), time: Moment(use.time), at: now, systemEnabled: tables.isSystemOn)
            guard check.enough == (check.by != nil) else { return .refused("check contradicts itself") }
            return .check(by: check.by?.rawValue, required: Int(check.required), available: Int(check.available))
        case .hold(let hold, let use, let timeout):
            return try place(hold, use, timeout, message.organization, &wallet, cause, now)
        case .capture(let hold, let tokens, let time):
            let capture = CaptureRequest(identity: cause, tokens: tokens.map(Int64.init), time: Moment(time), metadata: nil)
            return try resolve(hold, message.organization) { [rates = tables.rates, isSystemOn = tables.isSystemOn] hold in
                try wallet.resolve(
                    &hold, by: capture, rate: rates.rate(of: hold.service, at: Moment(time)), at: now, systemEnabled: isSystemOn)
            }
        case .release(let hold):
            return try resolve(hold, message.organization) { try wallet.release(&$0, cause: cause, at: now) }
        case .refund(let identity, let tokens): return try refund(identity, tokens, message.organization, &wallet, cause, now)
        case .adjust(let tokens): try wallet.adjust(by: Int64(tokens), reason: "by hand", metadata: nil, cause: cause, at: now)
        case .grant(let tokens, let paid, let priority, let starts, let ends):
            let grant = Grant(
                tokens: Int64(tokens), kind: paid ? .paid : .promotional, priority: Int16(priority), effectiveAt: starts.map(Moment.init),
                expiresAt: ends.map(Moment.init))
            try wallet.grant(grant, cause: cause, at: now)
        case .allowance(let tokens): try wallet.setMonthlyAllowance(Int64(tokens), cause: cause, at: now)
        default: return try set(message, on: &wallet, cause, now)
        }
        return .done
    }

    private mutating func set(
        _ message: SimulatedMessage, on wallet: inout Wallet, _ cause: EventIdentity, _ now: Moment
    ) throws -> SimulatedAnswer {
        wallet.beginSettings(cause: cause, at: now)
        switch message.body {
        case .suspend: return .changed(wallet.suspend(reason: nil, cause: cause))
        case .reactivate: return .changed(wallet.reactivate(cause: cause))
        case .overdraft(let limit):
            let overdraft: Overdraft = if let limit { .limited(Int64(limit)) } else { .unlimited }
            try wallet.setOverdraft(overdraft)
        case .trialUses(let uses): wallet.setTrialUses(Int64(uses))
        case .cover(let services, let starts, let ends):
            let cover = Coverage(services: services, startsAt: Moment(starts), endsAt: ends.map(Moment.init))
            tables.accounts[message.organization]!.coverage.append(cover)
            wallet.noteCoverage(wallet.coverage + [cover])
        default: break
        }
        return .done
    }

    private func price(_ use: SimulatedMessage.Use, _ now: Moment) throws(UsageRefusal) -> PricedUsage {
        let tokens: UsageEvent.TokenCount = if let tokens = use.tokens { .count(Int64(tokens)) } else { .absent }
        return try tables.rates.price(
            service: use.service, quantity: Int64(use.quantity), tokens: tokens, time: Moment(use.time), agesFrom: now
        ).get()
    }

    /// Like the meter: known identities get their first outcome, refusals are noted and bind nothing (`domain.md` 5.1, 5.2).
    private mutating func use(
        _ use: SimulatedMessage.Use, _ message: SimulatedMessage, _ cause: EventIdentity, now: Int
    ) -> SimulatedAnswer {
        let content = "\(message.organization) \(use.service) \(use.quantity) \(use.tokens ?? 0)"
        func refuse(_ reason: String) -> SimulatedAnswer {
            tables.refusals["\(message.id) \(content)", default: ModelWorld.Refusal(reason: reason, count: 0)].count += 1
            return .refused(reason)
        }
        if let known = tables.decided[message.id] { return known.content == content ? known.answer : refuse("conflict") }
        guard wallets[message.organization] != nil else { return refuse("unknown_organization") }
        let event = UsageEvent(
            identity: cause, organization: "org-\(message.organization)", service: use.service, quantity: Int64(use.quantity),
            time: Moment(use.time))
        do {
            let priced = try price(use, Moment(now))
            let decision = try wallets[message.organization]!.decide(
                event, priced, at: Moment(now), systemEnabled: tables.isSystemOn)
            tables.decided[message.id] = (content, .known(decision.outcome.rawValue, tokens: Int(decision.tokens)))
            for key in tables.refusals.keys where key.hasPrefix("\(message.id) ") { tables.refusals[key]!.isAccepted = true }
            return SimulatedAnswer(decision)
        } catch {
            return refuse(Self.word(error))
        }
    }

    private mutating func place(
        _ id: String, _ use: SimulatedMessage.Use, _ timeout: Int, _ organization: Int, _ wallet: inout Wallet, _ cause: EventIdentity,
        _ now: Moment
    ) throws -> SimulatedAnswer {
        let digest = Array("\(use.service) \(use.quantity) \(use.tokens ?? 0) \(timeout)".utf8)
        if let known = tables.accounts[organization]!.holds[id] {
            guard known.contentDigest == digest else { throw HoldRefusal.conflict }
            return SimulatedAnswer(known, repeated: true)
        }
        let request = HoldRequest(
            id: id, service: use.service, quantity: Int64(use.quantity), timeout: .seconds(Int64(timeout)), contentDigest: digest)
        let hold = try wallet.place(
            request, price(use, now), cause: cause, time: Moment(use.time), at: now, systemEnabled: tables.isSystemOn)
        tables.accounts[organization]!.holds[id] = hold
        return SimulatedAnswer(hold, repeated: false)
    }

    private mutating func resolve(
        _ id: String, _ organization: Int, _ body: (inout Hold) throws -> HoldResolution
    ) throws -> SimulatedAnswer {
        guard var hold = tables.accounts[organization]!.holds[id] else { throw HoldRefusal.unknown }
        let resolution = try body(&hold)
        tables.accounts[organization]!.holds[id] = hold
        return SimulatedAnswer(resolution)
    }

    private mutating func sweep(_ cause: EventIdentity, now: Int) -> SimulatedAnswer {
        var count = 0
        for key in wallets.keys.sorted() {
            let due = tables.accounts[key]!.holds.values.filter { $0.status == .open && $0.endsAt <= Moment(now) }
            for var hold in due.sorted(by: { ($0.endsAt, $0.id) < ($1.endsAt, $1.id) }) {
                // An overflow here is a bug that the run should stop at.
                try! wallets[key]!.release(&hold, expired: true, cause: cause, at: Moment(now))
                tables.accounts[key]!.holds[hold.id] = hold
                count += 1
            }
        }
        return .tokens(count)
    }

    private mutating func refund(
        _ identity: String, _ tokens: Int?, _ organization: Int, _ wallet: inout Wallet, _ cause: EventIdentity, _ now: Moment
    ) throws -> SimulatedAnswer {
        let inJournal = wallet.journal.rows.first { $0.type == .usage && $0.identity?.id == identity }
        guard let row = inJournal ?? before.usage(identity).flatMap({ $0.organization == organization ? $0.row : nil }),
            let outcome = row.outcome, let rowIdentity = row.identity
        else { return .refused("usage_not_found") }
        let past = tables.accounts[organization]!.refunds.filter { $0.debit == row.sequence }
        let usage = RefundableUsage(
            sequence: row.sequence, identity: rowIdentity, outcome: outcome, service: row.service,
            // Through the text that the ledger keeps.
            draws: Draws.parse(Draws.text(row.draws))!, refunded: past.reduce(0) { $0 + $1.tokens }, trialReturned: !past.isEmpty,
            repayments: before.accounts[organization]?.repayments.filter { $0.debitSequence == row.sequence && $0.tokens > 0 } ?? [])
        for id in usage.lots {
            if let lot = before.accounts[organization]?.lots[id] { wallet.adopt([lot]) }
        }
        let rows = wallet.journal.rows.count
        let returned = try wallet.refund(usage, tokens: tokens.map(Int64.init), reason: nil, cause: cause, time: now, at: now)
        if let refund = wallet.journal.rows[rows...].first(where: { $0.type == .usageRefund }) {
            tables.accounts[organization]!.refunds.append((row.sequence, refund.sequence, returned))
        }
        return .tokens(Int(returned))
    }
}
