import Synchronization

/// The health of a process, gathered from its lanes. Any thread may report and ask.
///
/// Live means that every lane's loop has turned lately, whatever its servers do (a restart mends nothing at the database). Ready means
/// that every part that was named is in order and no drain has begun (mq-facts.md 5, "Health").
public final class Health: Sendable {
    private struct State {
        var troubles: [String: String] = [:]
        var expected: Set<String> = []
        var reported: Set<String> = []
        var beats: [Int: Int64] = [:]
        var isStopping = false
    }

    /// A lane that has not turned for so long is stuck, nanoseconds. Above the deadline of every call that a lane makes.
    public static let stuckAfter: Int64 = 90_000_000_000

    private let state: Mutex<State>
    private let time: TimeSource

    /// - Parameter expected: the parts that must have reported before the program is ready, such as `broker` and `database`.
    public init(expecting expected: Set<String> = [], time: TimeSource = .system) {
        state = Mutex(State(expected: expected))
        self.time = time
    }

    /// A part is in order.
    public func fine(_ part: String) {
        state.withLock {
            $0.troubles[part] = nil
            $0.reported.insert(part)
        }
    }

    /// A part is not in order. - Parameter reason: one sentence without secrets.
    public func trouble(_ part: String, _ reason: String) {
        state.withLock {
            $0.troubles[part] = reason
            $0.reported.insert(part)
        }
    }

    /// A lane's loop has turned.
    public func beat(lane: Int) {
        let now = time.monotonicNanoseconds
        state.withLock { $0.beats[lane] = now }
    }

    /// A lane has ended as it should; its silence is no fault from now on.
    public func ended(lane: Int) {
        state.withLock { $0.beats[lane] = nil }
    }

    /// The program has begun to drain.
    public func stopping() {
        state.withLock { $0.isStopping = true }
    }

    /// How things are now.
    public var report: HealthReport {
        let now = time.monotonicNanoseconds
        return state.withLock { state in
            let stuck = state.beats.filter { now - $0.value > Health.stuckAfter }.keys.sorted()
            var reasons = stuck.map { "lane \($0): its loop does not turn" }
            reasons += state.troubles.map { "\($0.key): \($0.value)" }
            reasons += state.expected.subtracting(state.reported).map { "\($0): not checked yet" }
            if state.isStopping { reasons.append("program: stopping") }
            return HealthReport(isLive: stuck.isEmpty, isReady: reasons.isEmpty, reasons: reasons.sorted())
        }
    }
}
