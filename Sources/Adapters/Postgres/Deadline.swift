import Glibc

/// A moment of the monotonic clock after which a wait is over.
struct Deadline {
    private let nanoseconds: Int64

    init(after duration: Duration) {
        let (seconds, attoseconds) = duration.components
        nanoseconds = Deadline.now() + seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// What is left for poll(2), rounded up; 0 once the moment has passed.
    var remainingMilliseconds: Int32 {
        let left = nanoseconds - Deadline.now()
        return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
    }

    /// Waits for the socket.
    /// - Returns: what poll(2) reported; nil when the deadline passed first.
    func wait(_ descriptor: Int32, for events: Int32) -> Int32? {
        var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
        while true {
            let ready = poll(&entry, 1, remainingMilliseconds)
            if ready > 0 { return Int32(entry.revents) }
            if ready == 0 && remainingMilliseconds == 0 { return nil }
            // EINTR: a signal of the process; the time left is computed anew. Anything else shows at the next read.
            if ready < 0 && errno != EINTR { return POLLERR }
        }
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
