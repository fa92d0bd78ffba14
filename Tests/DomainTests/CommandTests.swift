import Domain
import Testing

@Suite("Wallet commands, allowances and expiry (domain.md 3, 4.2, 12)")
struct CommandTests {
    @Test("a grant is refused when it would have ended, or end before it starts")
    func grantBounds() throws {
        let world = Fixture()
        #expect(throws: WalletRefusal.alreadyExpired) { try world.grant(1, until: world.now) }
        #expect(throws: WalletRefusal.alreadyExpired) {
            try world.grant(1, from: world.now.adding(.days(2)), until: world.now.adding(.days(1)))
        }
        #expect(world.wallet.journal.rows.isEmpty)
    }

    @Test("a lot that has not started is posted but cannot be used or shown as usable")
    func futureLot() throws {
        let world = Fixture()
        try world.grant(10, from: world.now.adding(.days(1)))
        #expect(world.wallet.balance == 10 && world.wallet.figures(at: world.now).balance == 0)
        #expect(try world.use(1).outcome == .rejected)
    }

    @Test("adjustments: upwards a promotional lot, downwards unheld tokens in burn order, never beyond them")
    func adjustments() throws {
        let world = Fixture()
        try world.grant(5, kind: .paid)
        try world.wallet.adjust(by: 5, reason: "found", metadata: nil, cause: world.identity(), at: world.now)
        #expect(world.wallet.lots.first?.kind == .promotional)
        _ = try world.hold("h", 4)
        #expect(throws: WalletRefusal.insufficientTokens) {
            try world.wallet.adjust(by: -7, reason: "too much", metadata: nil, cause: world.identity(), at: world.now)
        }
        try world.wallet.adjust(by: -6, reason: "lost", metadata: nil, cause: world.identity(), at: world.now)
        #expect(world.wallet.journal.rows.last?.draws == [Draw(.lot(2), 1), Draw(.lot(1), 5)])
        #expect(world.wallet.balance == 4 && world.broken == nil)
    }

    @Test("a balance beyond 64 bits is refused")
    func overflow() throws {
        let world = Fixture()
        try world.grant(Int64.max)
        #expect(throws: WalletRefusal.overflow) { try world.grant(1) }
    }

    @Test("the allowance is made once a month by whatever comes first, lapses at its end, and a change holds from the next month")
    func allowance() throws {
        let world = Fixture()
        world.now = CivilDate(year: 2026, month: 11, day: 20).start
        world.wallet = Wallet(
            id: 1, organization: "org-1", allowance: Allowance(tokens: 100), recordedAt: world.now)
        #expect(try world.use(30).outcome == .debited)
        try world.use(1)
        #expect(world.wallet.journal.rows.map(\.type) == [.allowance, .usage, .usage])
        try world.wallet.setMonthlyAllowance(40, cause: world.identity(), at: world.now)
        #expect(world.wallet.allowance.tokens == 100)
        world.now = CivilDate(year: 2026, month: 12, day: 1).start
        #expect(world.wallet.figures(at: world.now).balance == 0)
        #expect(try world.use(41).outcome == .rejected)
        #expect(world.wallet.figures(at: world.now).balance == 40)
        world.now = world.now.adding(.hours(1))
        #expect(try world.expire() == 69)
        #expect(world.broken == nil)
    }

    @Test("the month's allowance waits for a debit, a hold or the tick: other steps do not make it; its lot starts on the 1st")
    func allowanceWaits() throws {
        let world = Fixture()
        world.now = CivilDate(year: 2026, month: 12, day: 24).start
        world.wallet = Wallet(id: 1, organization: "org-1", allowance: Allowance(tokens: 100), recordedAt: world.now)
        try world.grant(5)
        try world.wallet.adjust(by: -1, reason: "lost", metadata: nil, cause: world.identity(), at: world.now)
        #expect(try world.expire() == 0)
        world.wallet.beginSettings(cause: world.identity(), at: world.now)
        #expect(world.wallet.journal.rows.map(\.type) == [.grant, .adjustment])
        _ = try world.hold("h", 1)
        #expect(world.wallet.journal.rows.last?.type == .allowance)
        #expect(world.wallet.lot(2)?.effectiveAt == CivilDate(year: 2026, month: 12, day: 1).start)
        #expect(world.broken == nil)
    }

    @Test("a change of the allowance leaves this month's alone, even when nothing asked for it yet")
    func allowanceChangedBeforeFirstUse() throws {
        let world = Fixture()
        world.now = CivilDate(year: 2026, month: 12, day: 24).start
        world.wallet = Wallet(id: 1, organization: "org-1", allowance: Allowance(tokens: 100), recordedAt: world.now)
        try world.wallet.setMonthlyAllowance(7, cause: world.identity(), at: world.now)
        #expect(world.wallet.balance == 100)
        world.now = CivilDate(year: 2027, month: 1, day: 1).start
        try world.wallet.makeAllowance(cause: world.identity(), at: world.now)
        #expect(world.wallet.figures(at: world.now).balance == 7 && world.broken == nil)
    }

    @Test("an allowance that does not fit changes nothing")
    func allowanceOverflow() throws {
        let world = Fixture()
        try world.grant(.max)
        let grown = Wallet(
            id: 1, organization: "org-1", balance: .max, allowance: Allowance(tokens: 1, next: 2), sequence: 1, recordedAt: world.now,
            lastLotID: 1, lots: world.wallet.lots)
        world.wallet = grown
        #expect(throws: AmountError.overflow) { try world.wallet.makeAllowance(cause: world.identity(), at: world.now) }
        #expect(world.wallet.journal.isEmpty && world.wallet.allowance == grown.allowance && world.wallet.lots == grown.lots)
    }

    @Test("opening gives the welcome grant and the month's allowance")
    func open() throws {
        let world = Fixture()
        world.wallet = Wallet(id: 1, organization: "new", allowance: Allowance(tokens: 7), recordedAt: world.now)
        try world.wallet.open(welcomeGrant: 20, cause: world.identity(), at: world.now)
        #expect(world.wallet.journal.rows.map(\.type) == [.allowance, .grant])
        #expect(world.wallet.balance == 27 && world.wallet.journal.announcements.first?.announcement == .opened)
    }

    @Test("expiry waits for the late window, is dated the end, spares held tokens, and is idempotent")
    func expiry() throws {
        let world = Fixture()
        let end = world.now.adding(.days(1))
        try world.grant(10, until: end)
        var hold = try world.hold("h", 2, seconds: 604_800)
        world.now = end.adding(.minutes(59))
        #expect(try world.expire() == 0)
        #expect(try world.use(3, at: Moment(microseconds: end.microseconds - 1)).outcome == .debited)
        #expect(try world.use(1).outcome == .rejected)
        world.now = end.adding(.hours(1))
        #expect(try world.expire() == 5)
        #expect(try world.expire() == 0)
        #expect(world.wallet.journal.rows.last?.occurredAt == end && world.wallet.balance == 2)
        _ = try world.capture(&hold, 2)
        #expect(world.wallet.balance == 0 && world.broken == nil)
    }

    @Test("suspending and reactivating twice changes nothing the second time")
    func suspension() {
        let world = Fixture()
        #expect(world.suspend())
        #expect(!world.suspend())
        #expect(world.reactivate())
        #expect(!world.reactivate())
        #expect(world.wallet.journal.announcements.count == 2)
    }

    @Test("the recorded moment of a wallet's rows never goes back")
    func recordedMoment() throws {
        let world = Fixture()
        try world.grant(10)
        let first = world.now
        world.now = first.adding(.hours(-1))
        try world.use(1)
        #expect(world.wallet.journal.rows.map(\.createdAt) == [first, first])
    }
}
