import Domain
import Testing

@Suite("Overdraft, repayment and usage refunds (domain.md 3.6, 5.8)")
struct DebtAndRefundTests {
    @Test("a credit repays the oldest overdrawn debit first, and the balance does not change by it")
    func repayment() throws {
        let world = Fixture(overdraft: .limited(100))
        try world.use(30)
        try world.use(20)
        #expect(world.wallet.debt == 50 && world.wallet.balance == -50)
        try world.grant(35)
        #expect(world.wallet.debt == 15 && world.wallet.balance == -15)
        #expect(world.wallet.journal.repayments.map(\.debitSequence) == [1, 2])
        #expect(world.wallet.journal.repayments.map(\.tokens) == [30, 5])
        #expect(world.broken == nil)
    }

    @Test("a lot that starts later repays at the first step after its start")
    func startingLot() throws {
        let world = Fixture(overdraft: .limited(100))
        try world.use(30)
        let start = world.now.adding(.days(1))
        try world.grant(50, from: start)
        #expect(world.wallet.debt == 30 && world.wallet.figures(at: world.now).balance == -30)
        world.now = start
        try world.use(5)
        #expect(world.wallet.debt == 0 && world.wallet.balance == 15)
        #expect(world.wallet.journal.repayments.map(\.cause) == [.start])
        #expect(world.broken == nil)
    }

    @Test("a limit below the present debt is refused")
    func limit() throws {
        let world = Fixture(overdraft: .unlimited)
        try world.use(30)
        #expect(throws: WalletRefusal.limitBelowDebt) { try world.setOverdraft(.limited(29)) }
        try world.setOverdraft(.limited(30))
        #expect(try world.use(1).outcome == .rejected)
    }

    @Test("a step that changes settings repays first, so that a limit fits what is still owed")
    func settingsRepayFirst() throws {
        let world = Fixture(overdraft: .limited(100))
        try world.use(30)
        try world.grant(25, from: world.now.adding(.days(1)))
        #expect(throws: WalletRefusal.limitBelowDebt) { try world.setOverdraft(.limited(5)) }
        world.now = world.now.adding(.days(1))
        try world.setOverdraft(.limited(5))
        #expect(world.wallet.debt == 5 && world.broken == nil)
    }

    @Test("tokens that no longer fit beside the others are not refunded, even where debt makes the balance look small")
    func refundOverflow() throws {
        let world = Fixture(overdraft: .limited(10))
        try world.grant(.max)
        try world.use(5)
        _ = try world.hold("h", .max - 5)
        try world.use(10)
        try world.grant(5, from: world.now.adding(.days(1)))
        #expect(world.wallet.debt == 10 && world.wallet.balance == .max - 10)
        let before = world.wallet
        #expect(throws: UsageRefundRefusal.overflow) { try world.refund(sequence: 2) }
        world.wallet = before
        #expect(world.broken == nil)
    }

    @Test("draws are undone last first, in parts that add up")
    func refundInParts() throws {
        let world = Fixture()
        try world.grant(5, priority: 1)
        try world.grant(5, priority: 2)
        try world.use(8)
        #expect(try world.refund(sequence: 3, 4) == 4)
        #expect(world.wallet.journal.rows.last?.draws == [Draw(.lot(2), 3), Draw(.lot(1), 1)])
        #expect(throws: UsageRefundRefusal.exceedsDebit) { try world.refund(sequence: 3, 5, after: 4) }
        #expect(try world.refund(sequence: 3, nil, after: 4) == 4)
        #expect(world.wallet.journal.rows.last?.draws == [Draw(.lot(1), 4)])
        #expect(world.wallet.balance == 10 && world.wallet.totals.spent == 0)
        #expect(throws: UsageRefundRefusal.alreadyRefunded) { try world.refund(sequence: 3, nil, after: 8) }
        #expect(world.broken == nil)
    }

    @Test("what returns to a lot whose expiry is posted expires again at once, and the ledger shows both")
    func refundAfterExpiry() throws {
        let world = Fixture()
        let end = world.now.adding(.minutes(1))
        try world.grant(10, until: end)
        try world.use(4)
        world.now = end.adding(.hours(1))
        #expect(try world.expire() == 6)
        #expect(try world.refund(sequence: 2) == 4)
        #expect(world.wallet.journal.rows.suffix(2).map(\.type) == [.usageRefund, .expiry])
        #expect(world.wallet.balance == 0 && world.wallet.totals.expired == 10 && world.wallet.totals.spent == 0)
        #expect(world.broken == nil)
    }

    @Test("a spent lot wakes up when tokens return to it")
    func spentLot() throws {
        let world = Fixture()
        try world.grant(4)
        try world.use(4)
        #expect(world.wallet.lots.isEmpty && world.wallet.lot(1)?.remaining == 0)
        #expect(try world.refund(sequence: 2) == 4)
        #expect(try world.use(4).outcome == .debited)
        #expect(world.broken == nil)
    }

    @Test("an overdrawn part lowers the debt, and what was repaid returns to the lot that repaid it")
    func refundOverdrawn() throws {
        let world = Fixture(overdraft: .limited(100))
        try world.grant(2)
        try world.use(12)
        try world.grant(4)
        #expect(world.wallet.debt == 6)
        // 6 are still owed, 4 were repaid by lot 2, 2 came from lot 1.
        #expect(try world.refund(sequence: 2, 8) == 8)
        #expect(world.wallet.debt == 0)
        #expect(world.wallet.journal.rows.last?.draws == [Draw(.debt, 6), Draw(.lot(2), 2)])
        #expect(try world.refund(sequence: 2, nil, after: 8) == 4)
        #expect(world.wallet.journal.rows.last?.draws == [Draw(.lot(2), 2), Draw(.lot(1), 2)])
        #expect(world.wallet.balance == 6)
        #expect(world.broken == nil)
    }

    @Test("a refund to a lot repays what other debits still owe")
    func refundRepaysOthers() throws {
        let world = Fixture(overdraft: .limited(100))
        try world.grant(5)
        try world.use(5)
        try world.use(3)
        #expect(try world.refund(sequence: 2, 4) == 4)
        #expect(world.wallet.debt == 0 && world.wallet.balance == 1)
        #expect(world.broken == nil)
    }

    @Test("a trial is given back once; covered and shadow answer 0; a rejected event has nothing to return")
    func freeOutcomes() throws {
        let world = Fixture()
        world.setTrialUses(1)
        try world.use(3)
        #expect(try world.refund(sequence: 1) == 0)
        #expect(world.wallet.trialUsesLeft == 1)
        world.systemEnabled = false
        try world.use(3)
        let rows = world.wallet.journal.rows.count
        #expect(try world.refund(sequence: Int64(rows)) == 0)
        #expect(world.wallet.journal.rows.count == rows)
        world.systemEnabled = true
        world.setTrialUses(0)
        try world.use(3)
        #expect(throws: UsageRefundRefusal.nothingDebited) { try world.refund(sequence: Int64(rows) + 1) }
    }
}
