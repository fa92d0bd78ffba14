import Domain
import Testing

@Suite("Usage (domain.md 5)")
struct UsageTests {
    @Test("lots pay in burn order and the row tells which paid how much")
    func debit() throws {
        let world = Fixture()
        try world.grant(10, kind: .paid)
        try world.grant(5)
        let decision = try world.use(8)
        #expect(decision.outcome == .debited && decision.tokens == 8)
        #expect(world.wallet.journal.rows.last?.draws == [Draw(.lot(2), 5), Draw(.lot(1), 3)])
        #expect(world.wallet.balance == 7 && world.wallet.totals.spent == 8)
        #expect(world.broken == nil)
    }

    @Test("a debit is all or nothing, and a refusal is a row of amount 0")
    func insufficient() throws {
        let world = Fixture()
        try world.grant(49)
        let decision = try world.use(1, of: "call")
        #expect(decision.outcome == .rejected && decision.reason == .insufficientTokens)
        #expect(decision.required == 50 && decision.available == 49 && decision.missing == 1)
        #expect(world.wallet.balance == 49)
        #expect(world.wallet.journal.rows.last?.amount == 0 && world.wallet.journal.rows.last?.reason == "insufficient_tokens")
        #expect(world.broken == nil)
    }

    @Test("the order of authorization: shadow, suspended, covered, trial, tokens, overdraft, else rejected")
    func authorizationOrder() throws {
        let world = Fixture(overdraft: .limited(10))
        try world.grant(5)
        world.setTrialUses(1)
        world.cover([Coverage(services: ["unit"], startsAt: world.now, endsAt: world.now.adding(.hours(1)))])
        _ = world.suspend()
        world.systemEnabled = false
        #expect(try world.use(3).outcome == .shadow)
        world.systemEnabled = true
        #expect(try world.use(3).reason == .walletSuspended)
        _ = world.reactivate()
        #expect(try world.use(3).outcome == .covered)
        let ended = world.now.adding(.hours(1))
        world.now = ended
        #expect(try world.use(3).outcome == .trial)
        #expect(try world.use(3).outcome == .debited)
        #expect(try world.use(12).outcome == .overdrawn)
        #expect(try world.use(1).outcome == .rejected)
        #expect(world.wallet.balance == -10 && world.wallet.debt == 10)
        #expect(world.broken == nil)
    }

    @Test("services are told apart by their bytes: two spellings of an accented letter are two services")
    func spellings() throws {
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
        #expect(composed == decomposed, "to Swift they are one text")
        let world = Fixture()
        let rate = Rate(price: .perUnit(2), effectiveFrom: world.now, trialEligible: false, unlimitedEligible: false)
        world.rates.set(rate, for: composed)
        #expect(world.rates.rate(of: composed, at: world.now) == rate && world.rates.rate(of: decomposed, at: world.now) == nil)
        let coverage = Coverage(services: [composed], startsAt: world.now, endsAt: nil)
        #expect(coverage.covers(composed, isEligible: false, at: world.now))
        #expect(!coverage.covers(decomposed, isEligible: true, at: world.now))
        #expect(coverage != Coverage(services: [decomposed], startsAt: world.now, endsAt: nil))
        #expect(EventIdentity(source: composed, id: "e") != EventIdentity(source: decomposed, id: "e"))
        #expect(ExactText("ab") == ExactText("ab") && ExactText("ab") != ExactText("ac") && ExactText("ab") != ExactText("abc"))
    }

    @Test("coverage and trial ask whether the service is eligible; the last trial use is announced")
    func eligibility() throws {
        let world = Fixture()
        try world.grant(200)
        world.setTrialUses(1)
        world.cover([Coverage(services: ["*"], startsAt: world.now, endsAt: nil)])
        #expect(try world.use(1, of: "call").outcome == .debited)
        #expect(try world.use(1).outcome == .covered)
        world.cover([])
        #expect(try world.use(7).outcome == .trial)
        #expect(world.wallet.journal.announcements.contains { if case .trialExhausted = $0.announcement { true } else { false } })
        #expect(try world.use(7).outcome == .debited)
    }

    @Test("a free service is debited 0")
    func free() throws {
        let world = Fixture()
        let decision = try world.use(4, of: "free")
        #expect(decision.outcome == .debited && decision.tokens == 0)
        #expect(world.broken == nil)
    }

    @Test(
        "refusals of 5.2",
        arguments: [
            (Int64?.some(0), 0, UsageReason.invalidQuantity), (nil, 0, .invalidQuantity), (.some(-1), 0, .invalidQuantity),
            (.some(Int64.max), 0, .invalidQuantity), (.some(1), 301, .tooFarAhead), (.some(1), -35 * 86_400 - 1, .tooOld),
        ])
    func refusals(_ quantity: Int64?, _ seconds: Int, _ reason: UsageReason) {
        let world = Fixture()
        let event = UsageEvent(
            identity: world.identity(), organization: "org-1", service: "call", quantity: quantity,
            time: world.now.adding(.seconds(Int64(seconds))))
        #expect(world.rates.price(event, at: world.now) == .failure(UsageRefusal(reason)))
    }

    @Test("the bounds of an event's age belong to it, and a replayed event's age counts from the stream")
    func ages() {
        let world = Fixture()
        var event = UsageEvent(
            identity: world.identity(), organization: "org-1", service: "unit", quantity: 1, time: world.now.adding(.seconds(300)))
        #expect((try? world.rates.price(event, at: world.now).get())?.cost == 1)
        event.time = world.now.adding(.days(-35))
        #expect((try? world.rates.price(event, at: world.now).get())?.cost == 1)
        event.time = world.now.adding(.days(-90))
        event.replayedFrom = world.now.adding(.days(-89))
        #expect((try? world.rates.price(event, at: world.now).get())?.cost == 1)
    }

    @Test("a service's first rate holds for all earlier times, and each later one from its moment on")
    func rateDates() throws {
        let world = Fixture()
        world.rates.set(
            Rate(price: .perUnit(3), effectiveFrom: world.now.adding(.days(1)), trialEligible: false, unlimitedEligible: true), for: "unit")
        #expect(world.rates.rate(of: "unit", at: world.now.adding(.days(-400)))?.price == .perUnit(1))
        #expect(world.rates.rate(of: "unit", at: world.now.adding(.days(1)))?.price == .perUnit(3))
        #expect(world.rates.rate(of: "unit", at: Moment(microseconds: world.now.adding(.days(1)).microseconds - 1))?.price == .perUnit(1))
        #expect(world.rates.rate(of: "nothing", at: world.now) == nil)
    }

    @Test("a pass-through event needs its own count")
    func passThrough() throws {
        let world = Fixture()
        try world.grant(100)
        var event = UsageEvent(identity: world.identity(), organization: "org-1", service: "chat", quantity: 1, time: world.now)
        #expect(world.rates.price(event, at: world.now) == .failure(UsageRefusal(.invalidQuantity, concernsTokens: true)))
        event.tokens = .invalid
        #expect(world.rates.price(event, at: world.now) == .failure(UsageRefusal(.invalidQuantity, concernsTokens: true)))
        event.tokens = .count(42)
        #expect((try? world.rates.price(event, at: world.now).get())?.cost == 42)
    }

    @Test("unlimited overdraft marks every overdrawn debit for review, and figures add nothing for it")
    func unlimited() throws {
        let world = Fixture(overdraft: .unlimited)
        #expect(try world.use(70).outcome == .overdrawn)
        #expect(world.wallet.journal.rows.last?.reason == "review")
        #expect(world.wallet.figures(at: world.now).available == 0 && world.wallet.figures(at: world.now).balance == -70)
    }

    @Test("overflow is an error before the event changes anything, and only where something is charged")
    func overflow() throws {
        let world = Fixture(overdraft: .unlimited)
        #expect(try world.use(Int64.max - 1).outcome == .overdrawn)
        try world.grant(Int64.max - 1)
        let rows = world.wallet.journal.rows.count
        #expect(throws: AmountError.overflow) { try world.use(2) }
        #expect(world.wallet.journal.rows.count == rows && world.broken == nil)
        try world.setOverdraft(.limited(0))
        #expect(try world.use(2).outcome == .rejected)
        world.systemEnabled = false
        #expect(try world.use(2).outcome == .shadow)
        #expect(world.broken == nil)
    }

    @Test("what is available beside the largest limit is the largest number")
    func largestLimit() throws {
        let world = Fixture(overdraft: .limited(.max))
        try world.grant(1)
        #expect(world.wallet.figures(at: world.now).available == .max)
        #expect(try world.use(2).outcome == .overdrawn)
    }

    @Test("a check changes nothing and names the payer")
    func check() throws {
        let world = Fixture(overdraft: .limited(3))
        try world.grant(5)
        let rate = try #require(world.rates.rate(of: "unit", at: world.now))
        func payer(_ cost: Int64) throws -> UsageCheck.Payer? {
            try world.wallet.check(
                service: "unit", PricedUsage(cost: cost, rate: rate), time: world.now, at: world.now, systemEnabled: true
            ).by
        }
        let before = world.wallet.journal
        #expect(try payer(5) == .tokens)
        #expect(try payer(8) == .overdraft)
        #expect(try payer(9) == nil)
        #expect(world.wallet.journal == before)
    }
}
