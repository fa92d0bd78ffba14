import Testing

@testable import AMQP

@Suite("Confirms are counted per message")
struct ConfirmLedgerTests {
    private func ledger(_ count: Int) -> ConfirmLedger {
        var ledger = ConfirmLedger()
        for index in 0..<count { _ = ledger.add(identity: index % 4, isMandatory: true) }
        return ledger
    }

    @Test("Single, multiple and out of order give one outcome each")
    func outOfOrder() throws {
        var ledger = ledger(10)
        try ledger.settle(7, multiple: false, confirmed: true)
        try ledger.settle(3, multiple: false, confirmed: false)
        try ledger.settle(5, multiple: true, confirmed: true)
        #expect(ledger.unconfirmed == 4)
        try ledger.settle(5, multiple: true, confirmed: true)
        try ledger.settle(7, multiple: false, confirmed: true)
        try ledger.settle(0, multiple: true, confirmed: true)
        #expect(ledger.unconfirmed == 0)
        let outcomes = ledger.takeOutcomes()
        #expect(outcomes.map(\.sequence) == [7, 3, 1, 2, 4, 5, 6, 8, 9, 10])
        #expect(outcomes.filter { $0.result == .refused }.map(\.sequence) == [3])
        #expect(ledger.add(identity: 0, isMandatory: false) == 11)
    }

    @Test("Any order of single and multiple confirms settles everything exactly once")
    func anyOrder() throws {
        for seed in UInt64(1)...50 {
            var state = seed
            func next(_ bound: UInt64) -> UInt64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (state >> 33) % bound
            }
            var ledger = ConfirmLedger()
            var settled: [UInt64] = []
            while ledger.last < 20_000 {
                for _ in 0..<next(200) { _ = ledger.add(identity: 0, isMandatory: false) }
                for _ in 0..<next(30) where ledger.last > 0 {
                    try ledger.settle(1 + next(ledger.last), multiple: next(20) == 0, confirmed: next(2) == 0)
                }
                settled += ledger.takeOutcomes().map(\.sequence)
                #expect(settled.count + ledger.unconfirmed == Int(ledger.last), "seed \(seed)")
            }
            try ledger.settle(0, multiple: true, confirmed: true)
            settled += ledger.takeOutcomes().map(\.sequence)
            #expect(settled.sorted() == Array(1...ledger.last), "seed \(seed)")
        }
    }

    @Test("A returned message keeps its return until its confirm")
    func returned() throws {
        var ledger = ledger(8)
        let noRoute = PublishOutcome.Result.returned(code: 312, text: "NO_ROUTE")
        try ledger.markReturned(identity: 2, code: 312, text: "NO_ROUTE")
        try ledger.markReturned(identity: 2, code: 312, text: "NO_ROUTE")
        try ledger.markReturned(identity: 0, code: 312, text: "NO_ROUTE")
        #expect(ledger.takeOutcomes().isEmpty)
        try ledger.settle(0, multiple: true, confirmed: true)
        #expect(ledger.takeOutcomes().filter { $0.result == noRoute }.map(\.sequence) == [1, 3, 7])
    }

    @Test("A confirm or return of something never published is a violation")
    func unknown() {
        var ledger = ledger(2)
        #expect(throws: BrokerError.self) { try ledger.settle(3, multiple: false, confirmed: true) }
        #expect(throws: BrokerError.self) { try ledger.settle(0, multiple: false, confirmed: true) }
        #expect(throws: BrokerError.self) { try ledger.markReturned(identity: 9, code: 312, text: "") }
        var optional = ConfirmLedger()
        _ = optional.add(identity: 1, isMandatory: false)
        #expect(throws: BrokerError.self) { try optional.markReturned(identity: 1, code: 312, text: "") }
    }
}
