import Testing

@testable import Runtime

@Suite struct LaneChoresTests {
    private let second: Int64 = 1_000_000_000

    @Test func sharesOfOthersAreSubscribedFiveSecondsLaterOnce() {
        var chores = LaneChores(now: 0)
        #expect(!chores.isDue(.standBy, 5 * second - 1))
        #expect(chores.isDue(.standBy, 5 * second))
        chores.done(.standBy, 5 * second)
        #expect(!chores.isDue(.standBy, 500 * second))
    }

    @Test func aLaneRestsUntilTheNextChoreButNeverLong() {
        var chores = LaneChores(now: 0)
        #expect(chores.rest(0, hasRows: false) == .zero)
        for chore in [LaneChores.Chore.heartbeat, .depth, .forget] { chores.done(chore, 0) }
        #expect(chores.rest(0, hasRows: false) == .seconds(1))
        #expect(chores.rest(0, hasRows: true) == .milliseconds(200))
        #expect(chores.rest(2 * second + second / 2, hasRows: false) == .milliseconds(500))
    }

    @Test func aBusyLaneRelaysEveryMinute() {
        var chores = LaneChores(now: 0)
        chores.done(.relay, 0)
        #expect(chores.isDue(.relay, 5 * second) && !chores.isOverdue(.relay, 64 * second))
        #expect(chores.isOverdue(.relay, 65 * second))
    }

    @Test func whatIsDoneInPartGoesOnAtOnceOrSoon() {
        var chores = LaneChores(now: 0)
        chores.again(.relay, 100 * second)
        #expect(chores.isDue(.relay, 100 * second) && !chores.isOverdue(.relay, 100 * second))
        #expect(chores.isOverdue(.relay, 100 * second + second / 5))
        chores.done(.relay, 100 * second)
        #expect(!chores.isDue(.relay, 100 * second))
    }
}
