import Messages
import Synchronization

/// A wall clock that stands where the test puts it.
public final class TestClock: Sendable {
    /// 2026-11-20T10:00:00.000123Z.
    public static let start: Int64 = 1_795_168_800_000_123

    private let microseconds = Mutex<Int64>(TestClock.start)

    public init() {}

    public var now: Int64 { microseconds.withLock { $0 } }

    public func advance(seconds: Int64) { microseconds.withLock { $0 += seconds * 1_000_000 } }

    public func advance(days: Int64) { advance(seconds: days * 86_400) }

    /// The text of a moment so many seconds from now.
    public func text(_ seconds: Int64) -> String { EventTime.text(microseconds: now + seconds * 1_000_000) }
}
