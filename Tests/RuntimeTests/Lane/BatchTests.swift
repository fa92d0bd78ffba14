import Testing

@testable import Runtime

@Suite struct BatchTests {
    @Test func suspectsStandAloneAndTheOrderIsKept() {
        let parts = BatchPlan.parts(accused: [false, false, true, true, false])
        #expect(
            parts == [
                .init(range: 0..<2, isAccused: false), .init(range: 2..<3, isAccused: true), .init(range: 3..<4, isAccused: true),
                .init(range: 4..<5, isAccused: false),
            ])
        #expect(BatchPlan.parts(accused: []).isEmpty)
        #expect(BatchPlan.parts(accused: [true]) == [.init(range: 0..<1, isAccused: true)])
        #expect(BatchPlan.parts(accused: [false, false]) == [.init(range: 0..<2, isAccused: false)])
    }

    @Test func aBatchStaysWithinMessagesAndBytes() {
        var budget = BatchBudget(mostMessages: 100, mostBytes: 10_000)
        #expect(budget.room(messages: 0, bytes: 0) == 1)
        budget.closed(messages: 50, bytes: 5000)
        #expect(budget.room(messages: 0, bytes: 0) == 100)
        #expect(budget.room(messages: 99, bytes: 9000) == 1)
        #expect(budget.room(messages: 100, bytes: 0) == 0)
        #expect(budget.room(messages: 3, bytes: 10_000) == 0)
        budget.closed(messages: 1, bytes: 1_000_000)
        #expect(budget.room(messages: 0, bytes: 0) == 1)
        budget.closed(messages: 0, bytes: 0)
        #expect(budget.room(messages: 0, bytes: 0) == 1)
    }

    @Test func aWindowWidensAtTheFirstFreshMessage() {
        var window = ConsumeWindow()
        window.received(isSuspect: true)
        #expect(window.width == .narrow)
        window.received(isSuspect: false)
        window.received(isSuspect: true)
        #expect(window.width == .due)
        window.widened()
        window.received(isSuspect: false)
        #expect(window.width == .wide)
    }

    @Test func poisonIsBuriedAfterTheThirdCrash() {
        #expect((1...3).allSatisfy { PoisonPolicy.verdict(noted: $0) == .handle })
        #expect(PoisonPolicy.verdict(noted: 4) == .bury(crashes: 3))
    }
}
