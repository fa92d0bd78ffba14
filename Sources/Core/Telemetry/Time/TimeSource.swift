import Glibc

/// Where a program gets its time from. Passed in everywhere, so that a test decides what the time is (style.md, habit 4).
///
/// Two clocks, because they answer different questions: the wall clock says when something happened and may jump; the monotonic clock
/// says how long something took and never goes back. Both closures may be called from any thread.
public struct TimeSource: Sendable {
    private let readWall: @Sendable () -> Int64
    private let readMonotonic: @Sendable () -> Int64

    /// - Parameters:
    ///   - wall: microseconds since 1970-01-01T00:00:00Z.
    ///   - monotonic: nanoseconds since a fixed moment of this process's choosing; never decreases.
    public init(wall: @escaping @Sendable () -> Int64, monotonic: @escaping @Sendable () -> Int64) {
        readWall = wall
        readMonotonic = monotonic
    }

    /// The clocks of the machine.
    public static let system = TimeSource(
        wall: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        },
        monotonic: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        })

    /// The wall clock, microseconds since 1970.
    public var wallMicroseconds: Int64 { readWall() }

    /// The monotonic clock, nanoseconds. Only differences mean anything.
    public var monotonicNanoseconds: Int64 { readMonotonic() }

    /// Seconds on the monotonic clock since an earlier reading of `monotonicNanoseconds`.
    public func seconds(since start: Int64) -> Double {
        Double(monotonicNanoseconds - start) / 1e9
    }
}
