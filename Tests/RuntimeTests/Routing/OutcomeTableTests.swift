import Messages
import Testing

@testable import Runtime

@Suite struct OutcomeTableTests {
    private func action(_ fate: OutcomeTable.Fate, attempts: Int = 0, hasLadder: Bool = true) -> OutcomeTable.Action {
        OutcomeTable.action(for: fate, attempts: attempts, hasLadder: hasLadder)
    }

    @Test func everyRowOfTheTable() {
        let later = OutcomeTable.Fate.handled(.retryLater(reason: "usage_not_found", atLeast: .tenSeconds))
        #expect(action(.handled(.done(answer: [1]))) == .acknowledge)
        #expect(action(later) == .putOff(.tenSeconds, reason: "usage_not_found"))
        #expect(
            action(later, attempts: 7)
                == .bury(reason: "attempts_exhausted", detail: "put off 7 times, the last time for: usage_not_found"))
        #expect(
            action(later, hasLadder: false)
                == .bury(reason: "usage_not_found", detail: "it failed, and messages of this kind are not put off"))
        let dead = OutcomeTable.Fate.handled(.dead(reason: "unreadable", detail: "not JSON", answer: nil))
        #expect(action(dead) == .bury(reason: "unreadable", detail: "not JSON"))
        #expect(action(.crashedUs(times: 3)) == .bury(reason: "poison", detail: "the consumer crashed on it 3 times"))
        #expect(action(.interrupted) == .keep)
        #expect(action(.databaseAway) == .keep)
    }

    @Test func theLadderClimbsAndTheStepMayAskForMore() {
        #expect((0..<7).map { RetryDelay.next(afterAttempts: $0, atLeast: .tenSeconds)?.rawValue } == RetryDelay.allCases.map(\.rawValue))
        #expect(RetryDelay.next(afterAttempts: 7, atLeast: .tenSeconds) == nil)
        #expect(RetryDelay.next(afterAttempts: 0, atLeast: .oneHour) == .oneHour)
        #expect(RetryDelay.next(afterAttempts: 5, atLeast: .oneHour) == .oneDay)
        #expect(RetryDelay.next(afterAttempts: -3, atLeast: .tenSeconds) == .tenSeconds)
        #expect(RetryDelay.allCases == RetryDelay.allCases.sorted())
    }

    @Test(arguments: [
        ("amq.rabbitmq.reply-to.g1h2", false), ("reply.crm.1", true), ("purser.usage.0", false), ("", false), ("reply", false),
        ("amq.rabbitmq.reply-to", false), ("reply." + String(repeating: "x", count: 250), false),
    ])
    func answersGoOnlyToQueuesMadeForThem(_ name: String, _ isAllowed: Bool) {
        #expect(ReplyAddress.isAllowed(name) == isAllowed)
    }
}
