import Glibc

/// A moment on the monotonic clock by which a wait ends.
struct Deadline {
    /// Nanoseconds on the monotonic clock.
    let moment: Int64

    init(after duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let bounded = min(max(seconds, 0), 1_000_000_000)
        moment = Self.now() + bounded * 1_000_000_000 + (seconds < 0 ? 0 : attoseconds / 1_000_000_000)
    }

    init(moment: Int64) { self.moment = moment }

    var hasPassed: Bool { Self.now() >= moment }

    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
