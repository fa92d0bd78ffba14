/// When a broken connection may be tried again.
struct RetryTimer {
    private var backoff = Backoff()
    private(set) var notBefore: Int64 = 0

    /// It failed at `now` (nanoseconds, monotonic).
    mutating func failed(now: Int64, using generator: inout any RandomNumberGenerator) {
        notBefore = now + Int64(backoff.next(using: &generator) / .nanoseconds(1))
    }

    /// It worked.
    mutating func worked() {
        backoff.reset()
        notBefore = 0
    }

    func isDue(_ now: Int64) -> Bool { now >= notBefore }
}
