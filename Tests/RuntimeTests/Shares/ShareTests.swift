import Store
import Testing

@testable import Runtime

@Suite struct ShareTests {
    @Test func partsCoverEveryPartitionOnce() throws {
        for count in 1...9 {
            let plans = try (0..<count).map { SharePlan(part: try #require(Shard("\($0)/\(count)")), partitions: 8) }
            #expect(plans.flatMap(\.own).sorted() == Array(0..<8))
            for plan in plans { #expect((plan.own + plan.foreign.values.joined()).sorted() == Array(0..<8)) }
        }
    }

    @Test func aShareOfOthersIsKeptTogether() throws {
        let plan = SharePlan(part: try #require(Shard("1/3")), partitions: 8)
        #expect(plan.own == [1, 4, 7])
        #expect(plan.foreign == [0: [0, 3, 6], 2: [2, 5]])
    }

    @Test func partitionsGoBackToAnOwnerThatHasBeenAliveForTenSeconds() {
        func owner(_ serving: Set<Int>, _ alive: Double, _ instance: String = "b") -> String? {
            let row = Heartbeat(instance: instance, shard: 1, shards: 2, secondsAlive: alive, partitions: [1, 3])
            return HandoverPolicy.owner(of: serving, asking: "a", [row])
        }
        #expect(owner([3], 10) == "b")
        #expect(owner([3], 9.9) == nil)
        #expect(owner([2], 60) == nil)
        #expect(owner([], 60) == nil)
        #expect(owner([3], 60, "a") == nil)
    }
}
