import Glibc
import Synchronization
import Telemetry
import Testing

@testable import Runtime

@Suite struct StopSignalTests {
    @Test func theFirstRequestSetsTheDeadlineAndWakesWhoeverWaits() {
        let now = Mutex<Int64>(5_000_000_000)
        let stop = StopSignal(time: TimeSource(wall: { 0 }, monotonic: { now.withLock { $0 } }))
        #expect(!stop.isRequested && stop.timeLeft == nil)
        stop.request(within: .seconds(25))
        stop.request(within: .seconds(1))
        #expect(stop.isRequested && stop.timeLeft == .seconds(25))
        var entry = pollfd(fd: stop.fileDescriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 0) == 1)
        now.withLock { $0 += 30_000_000_000 }
        #expect(stop.timeLeft == .zero)
    }

    @Test func threadsRunAndAreJoined() {
        let sum = Atomic<Int>(0)
        let threads = (1...4).map { number in LaneThread { sum.add(number, ordering: .relaxed) } }
        for thread in threads { thread.join() }
        threads[0].join()
        #expect(sum.load(ordering: .relaxed) == 10)
    }
}
