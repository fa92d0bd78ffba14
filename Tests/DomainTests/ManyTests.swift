import Testing

@testable import Domain

/// Wallets with far more debts and lots than usual: what grows with their square would not end.
@Suite struct ManyTests {
    private let moment = Moment(microseconds: 1_795_168_800_000_000)
    private let cause = EventIdentity(source: "/test", id: "1")

    private func lot(_ id: Int64) -> Lot {
        Lot(
            id: id, granted: 1, remaining: 1, priority: 50, kind: .promotional, effectiveAt: moment, expiresAt: nil,
            createdAt: Moment(microseconds: moment.microseconds - id))
    }

    @Test func aCreditRepaysAHundredThousandDebts() throws {
        let count: Int64 = 100_000
        var wallet = Wallet(
            id: 1, organization: "org-1", balance: -2 * count, debt: 2 * count, overdraft: .unlimited, sequence: count, recordedAt: moment,
            openDebts: (1...count).map { OpenDebt(sequence: $0, overdrawn: 2, outstanding: 2) })
        _ = try wallet.grant(Grant(tokens: 2 * count - 1), cause: cause, at: moment)
        #expect(wallet.debt == 1 && wallet.balance == -1)
        #expect(wallet.journal.repayments.count == Int(count) && wallet.journal.changedDebts.count == Int(count))
        #expect(wallet.openDebts.filter { $0.outstanding > 0 } == [OpenDebt(sequence: count, overdrawn: 2, outstanding: 1)])
        #expect(wallet.journal.repayments.last == Repayment(debitSequence: count, lot: 1, tokens: 1, cause: .credit, after: count + 1))
    }

    @Test func aDebitIsDrawnFromAHundredThousandLots() {
        let count: Int64 = 100_000
        var wallet = Wallet(id: 1, organization: "org-1", balance: count, sequence: count, recordedAt: moment, lastLotID: count)
        for id in 1...count { wallet.load(lot(id)) }
        wallet.arrangeLots()
        #expect(wallet.lots.first?.id == count)
        let draws = wallet.burn(count - 1, at: moment, handledAt: moment)
        #expect(draws.count == Int(count) - 1 && wallet.journal.changedLots.count == Int(count) - 1)
        #expect(wallet.lots(wallet.journal.changedLots).allSatisfy { $0.remaining == 0 })
        wallet.adopt([lot(1)])
        #expect(wallet.lots.count == Int(count))
    }

    @Test func debtsOfTheStepItselfAreRepaidToo() throws {
        var wallet = Wallet(
            id: 1, organization: "org-1", balance: -9, debt: 9, overdraft: .unlimited, sequence: 8, recordedAt: moment,
            openDebts: [OpenDebt(sequence: 2, overdrawn: 3, outstanding: 3), OpenDebt(sequence: 4, overdrawn: 2, outstanding: 2)])
        for sequence in Int64(5)...8 {
            wallet.journal.newDebts.append(OpenDebt(sequence: sequence, overdrawn: 1, outstanding: 1))
        }
        wallet.openDebts += wallet.journal.newDebts
        _ = try wallet.grant(Grant(tokens: 7), cause: cause, at: moment)
        #expect(wallet.journal.changedDebts.map(\.sequence) == [2, 4] && wallet.journal.changedDebts.allSatisfy { $0.outstanding == 0 })
        #expect(wallet.journal.newDebts.map(\.outstanding) == [0, 0, 1, 1])
    }
}
