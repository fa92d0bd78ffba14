import Domain
import Testing

@Suite("Holds (domain.md 6)")
struct HoldTests {
    @Test("a hold pins tokens in burn order, and what it pins is no longer available but still owned")
    func place() throws {
        let world = Fixture(overdraft: .limited(100))
        try world.grant(10, kind: .paid)
        try world.grant(5)
        let hold = try world.hold("h", 8)
        #expect(hold.outcome == .held && hold.pins == [Draw(.lot(2), 5), Draw(.lot(1), 3)])
        let figures = world.wallet.figures(at: world.now)
        #expect(figures.balance == 15 && figures.held == 8 && figures.available == 7 + 100)
        // Overdraft does not count for holds.
        let second = try world.hold("i", 8)
        #expect(second.outcome == .rejected && second.status == .rejected && second.reason == .insufficientTokens)
        #expect(world.wallet.journal.rows.count == 2 && world.broken == nil)
    }

    @Test("a capture of a part charges it and frees the rest", arguments: [Int64(1), 4, 8])
    func capture(_ tokens: Int64) throws {
        let world = Fixture()
        try world.grant(10)
        var hold = try world.hold("h", 8)
        #expect(try world.capture(&hold, tokens) == .captured(outcome: .debited, tokens: tokens, repeated: false))
        #expect(hold.status == .captured && hold.captured == tokens)
        #expect(world.wallet.balance == 10 - tokens && world.wallet.held == 0)
        #expect(world.wallet.journal.rows.last?.type == .usage && world.wallet.journal.rows.last?.amount == -tokens)
        #expect(hold.resolutionSequence == world.wallet.sequence)
        #expect(try world.capture(&hold, tokens) == .captured(outcome: .debited, tokens: tokens, repeated: true))
        #expect(throws: HoldRefusal.alreadyCaptured) { try world.capture(&hold, tokens == 1 ? 2 : tokens - 1) }
        #expect(throws: HoldRefusal.alreadyCaptured) { try world.release(&hold) }
        #expect(world.broken == nil)
    }

    @Test("a capture of 0 is a release; more than the hold is refused")
    func bounds() throws {
        let world = Fixture()
        try world.grant(10)
        var hold = try world.hold("h", 8)
        #expect(throws: HoldRefusal.exceedsHold) { try world.capture(&hold, 9) }
        #expect(try world.capture(&hold, 0) == .released(tokens: 8, repeated: false))
        #expect(try world.release(&hold) == .released(tokens: 8, repeated: true))
        #expect(throws: HoldRefusal.alreadyReleased) { try world.capture(&hold, 1) }
        #expect(world.wallet.held == 0 && world.wallet.journal.rows.count == 1 && world.broken == nil)
    }

    @Test("covered and shadow pin nothing, trial reserves the use and a release gives it back")
    func free() throws {
        let world = Fixture()
        world.setTrialUses(1)
        var trial = try world.hold("t", 3)
        #expect(trial.outcome == .trial && world.wallet.trialUsesLeft == 0)
        _ = try world.release(&trial)
        #expect(world.wallet.trialUsesLeft == 1)
        var again = try world.hold("u", 3)
        #expect(try world.capture(&again, 3) == .captured(outcome: .trial, tokens: 0, repeated: false))
        #expect(world.wallet.trialUsesLeft == 0 && world.wallet.journal.rows.last?.outcome == .trial)
        world.systemEnabled = false
        var shadow = try world.hold("s", 3)
        #expect(shadow.outcome == .shadow && shadow.pins.isEmpty)
        #expect(try world.capture(&shadow, 2) == .captured(outcome: .shadow, tokens: 0, repeated: false))
    }

    @Test("a pinned token whose lot ends stays payable for its hold, and is used first")
    func expiringLot() throws {
        let world = Fixture()
        let end = world.now.adding(.minutes(1))
        try world.grant(4, priority: 90, until: end)
        try world.grant(6)
        var hold = try world.hold("h", 10)
        world.now = end.adding(.hours(2))
        #expect(try world.expire() == 0)
        #expect(world.wallet.lots.first { $0.id == 1 }?.expiryPosted == true)
        #expect(try world.capture(&hold, 5) == .captured(outcome: .debited, tokens: 5, repeated: false))
        #expect(world.wallet.journal.rows.last?.draws == [Draw(.lot(1), 4), Draw(.lot(2), 1)])
        #expect(world.wallet.balance == 5 && world.broken == nil)
    }

    @Test("released after the end of its lot, a pinned token expires at once")
    func releaseAfterEnd() throws {
        let world = Fixture()
        let end = world.now.adding(.minutes(1))
        try world.grant(4, until: end)
        var hold = try world.hold("h", 3)
        world.now = end
        _ = try world.release(&hold)
        #expect(world.wallet.journal.rows.last?.type == .expiry && world.wallet.journal.rows.last?.amount == -3)
        #expect(world.wallet.journal.rows.last?.occurredAt == end)
        #expect(world.broken == nil)
    }

    @Test("what a hold lets go of after the end is not the expiry of its lot: the rest waits for late events and the tick")
    func releaseBesideLateWindow() throws {
        let world = Fixture()
        let end = world.now.adding(.minutes(1))
        try world.grant(10, until: end)
        var hold = try world.hold("h", 3)
        world.now = end.adding(.minutes(5))
        _ = try world.release(&hold)
        #expect(world.wallet.balance == 7)
        #expect(try world.use(2, at: Moment(microseconds: end.microseconds - 1)).outcome == .debited)
        world.now = end.adding(.hours(1))
        #expect(try world.expire() == 5)
        #expect(world.wallet.balance == 0 && world.broken == nil)
    }

    @Test("a pinned token of a lot whose expiry is posted expires at its release, even when the clock went back")
    func releaseAfterClockWentBack() throws {
        let world = Fixture()
        let end = world.now.adding(.minutes(1))
        try world.grant(4, until: end)
        var hold = try world.hold("h", 3)
        let before = world.now
        world.now = end.adding(.hours(1))
        #expect(try world.expire() == 1)
        world.now = before
        _ = try world.release(&hold)
        #expect(world.wallet.balance == 0 && world.wallet.totals.expired == 4 && world.broken == nil)
    }

    @Test("a trial use that would not fit back is an error")
    func trialOverflow() throws {
        let world = Fixture()
        world.setTrialUses(1)
        var hold = try world.hold("h", 1)
        world.setTrialUses(.max)
        #expect(throws: HoldRefusal.overflow) { try world.release(&hold) }
    }

    @Test("the sweep releases; a capture dated before the end that comes later is an ordinary debit, marked late")
    func lateCapture() throws {
        let world = Fixture()
        try world.grant(10)
        var hold = try world.hold("h", 8)
        let placed = world.now
        world.now = hold.endsAt
        try world.wallet.release(&hold, expired: true, cause: world.identity(), at: world.now)
        #expect(hold.status == .expired)
        var other = hold
        #expect(throws: HoldRefusal.alreadyExpired) { try world.capture(&other, 3, at: world.now) }
        #expect(throws: HoldRefusal.alreadyExpired) { try world.release(&other) }
        #expect(try world.capture(&hold, 3, at: placed) == .captured(outcome: .debited, tokens: 3, repeated: false))
        #expect(world.wallet.journal.rows.last?.reason == "late" && hold.status == .captured)
        #expect(world.broken == nil)
    }

    @Test("a late capture that cannot be paid is a rejected row, and the hold stays expired")
    func lateRejected() throws {
        let world = Fixture()
        try world.grant(8)
        var hold = try world.hold("h", 8)
        let placed = world.now
        world.now = hold.endsAt
        try world.wallet.release(&hold, expired: true, cause: world.identity(), at: world.now)
        try world.use(8)
        guard case .rejected(let decision) = try world.capture(&hold, 3, at: placed) else {
            Issue.record("a wallet without tokens paid a late capture")
            return
        }
        #expect(decision.missing == 3 && hold.status == .expired)
        #expect(world.wallet.journal.rows.last?.reason == "late,insufficient_tokens")
    }

    @Test("captures and releases go on in a suspended wallet, new holds do not")
    func suspended() throws {
        let world = Fixture()
        try world.grant(10)
        var first = try world.hold("a", 3)
        var second = try world.hold("b", 3)
        _ = world.suspend()
        #expect(try world.hold("c", 1).reason == .walletSuspended)
        #expect(try world.capture(&first, 3) == .captured(outcome: .debited, tokens: 3, repeated: false))
        #expect(try world.release(&second) == .released(tokens: 3, repeated: false))
        #expect(world.broken == nil)
    }

    @Test("released tokens repay debt first")
    func releaseRepays() throws {
        let world = Fixture(overdraft: .limited(5))
        try world.grant(4)
        var hold = try world.hold("h", 4)
        #expect(try world.use(5).outcome == .overdrawn)
        _ = try world.release(&hold)
        #expect(world.wallet.debt == 1 && world.wallet.balance == -1)
        #expect(world.wallet.journal.repayments.map(\.cause) == [.release])
        #expect(world.broken == nil)
    }
}
