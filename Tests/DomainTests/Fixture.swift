import Domain

/// A small world for the tests of the rules: a clock, a price list, one wallet, and ids that count up.
final class Fixture {
    var wallet: Wallet
    var now = Moment(microseconds: 1_790_000_000_000_000)
    var rates = RateBook()
    var systemEnabled = true
    private var nextID = 0

    init(overdraft: Overdraft = .limited(0)) {
        wallet = Wallet(
            id: 1, organization: "org-1", overdraft: overdraft, recordedAt: Moment(microseconds: 0))
        for (service, tokens) in [("unit", Int64(1)), ("call", 50), ("free", 0)] {
            rates.set(
                Rate(price: .perUnit(tokens), effectiveFrom: now, trialEligible: service == "unit", unlimitedEligible: service == "unit"),
                for: service)
        }
        rates.set(Rate(price: .passThrough, effectiveFrom: now, trialEligible: false, unlimitedEligible: true), for: "chat")
    }

    func identity() -> EventIdentity {
        nextID += 1
        return EventIdentity(source: "/test", id: "e\(nextID)")
    }

    func grant(
        _ tokens: Int64, kind: LotKind = .promotional, priority: Int16 = 50, from: Moment? = nil, until: Moment? = nil
    ) throws {
        let cause = identity()
        try wallet.grant(
            Grant(tokens: tokens, kind: kind, priority: priority, effectiveAt: from, expiresAt: until), cause: cause, at: now)
    }

    @discardableResult
    func use(_ quantity: Int64, of service: String = "unit", at time: Moment? = nil) throws -> UsageDecision {
        let event = UsageEvent(
            identity: identity(), organization: wallet.organization, service: service, quantity: quantity, time: time ?? now)
        return try wallet.decide(event, try rates.price(event, at: now).get(), at: now, systemEnabled: systemEnabled)
    }

    func hold(_ id: String, _ quantity: Int64, of service: String = "unit", seconds: Int64 = 60) throws -> Hold {
        let request = HoldRequest(id: id, service: service, quantity: quantity, timeout: .seconds(seconds), contentDigest: [])
        let priced = try rates.price(service: service, quantity: quantity, tokens: .absent, time: now, agesFrom: now).get()
        return try wallet.place(request, priced, cause: identity(), time: now, at: now, systemEnabled: systemEnabled)
    }

    func capture(_ hold: inout Hold, _ tokens: Int64?, at time: Moment? = nil) throws -> HoldResolution {
        try wallet.resolve(
            &hold, by: CaptureRequest(identity: identity(), tokens: tokens, time: time ?? now, metadata: nil),
            rate: rates.rate(of: hold.service, at: now), at: now, systemEnabled: systemEnabled)
    }

    func release(_ hold: inout Hold) throws -> HoldResolution {
        try wallet.release(&hold, cause: identity(), at: now)
    }

    /// A refund of one of the wallet's usage rows, with what came after it read back from the journal.
    func refund(sequence: Int64, _ tokens: Int64? = nil, after refunded: Int64 = 0) throws -> Int64 {
        let row = wallet.journal.rows[Int(sequence) - 1]
        let usage = RefundableUsage(
            sequence: row.sequence, identity: row.identity!, outcome: row.outcome!, service: row.service, draws: row.draws,
            refunded: refunded, trialReturned: false, repayments: [])
        return try wallet.refund(usage, tokens: tokens, reason: nil, cause: identity(), time: now, at: now)
    }

    /// Posts what has expired an hour ago or earlier.
    func expire() throws -> Int64 {
        try wallet.expireLots(lateWindow: .hours(1), cause: identity(), at: now)
    }

    func suspend() -> Bool {
        wallet.beginSettings(cause: identity(), at: now)
        return wallet.suspend(reason: "unpaid", cause: identity())
    }

    func reactivate() -> Bool {
        wallet.beginSettings(cause: identity(), at: now)
        return wallet.reactivate(cause: identity())
    }

    func setOverdraft(_ overdraft: Overdraft) throws {
        wallet.beginSettings(cause: identity(), at: now)
        try wallet.setOverdraft(overdraft)
    }

    func setTrialUses(_ uses: Int64) {
        wallet.beginSettings(cause: identity(), at: now)
        wallet.setTrialUses(uses)
    }

    func cover(_ coverage: [Coverage]) {
        wallet.beginSettings(cause: identity(), at: now)
        wallet.noteCoverage(coverage)
    }

    /// What must hold after every step (`domain.md` 3.4, 3.6, 4.3).
    var broken: String? {
        let lots = wallet.lots
        if wallet.balance != lots.reduce(0, { $0 + $1.remaining }) - wallet.debt { return "balance is not lots minus debt" }
        if wallet.held != lots.reduce(0, { $0 + $1.held }) { return "held is not the sum over lots" }
        if lots.contains(where: { $0.held < 0 || $0.held > $0.remaining || $0.remaining > $0.granted }) { return "a lot out of bounds" }
        if wallet.debt > 0, wallet.unheld(at: now, handledAt: now) > 0 { return "debt beside free tokens" }
        if wallet.debt != wallet.openDebts.reduce(0, { $0 + $1.outstanding }) { return "debt is not the open debts" }
        var balance: Int64 = 0
        for (place, row) in wallet.journal.rows.enumerated() {
            balance += row.amount
            if row.sequence != Int64(place + 1) { return "sequence jumps at \(row.sequence)" }
            if row.balanceAfter != balance { return "balance_after is wrong at \(row.sequence)" }
        }
        if balance != wallet.balance { return "the ledger does not sum to the balance" }
        return nil
    }
}
