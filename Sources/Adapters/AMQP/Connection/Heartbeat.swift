/// When to send a heartbeat and when to give the peer up. All moments are nanoseconds on the monotonic clock.
struct Heartbeat {
    /// The agreed interval, 0 for none.
    var interval: Int64 = 0
    private var lastReceived: Int64
    private var lastSent: Int64

    init(now: Int64) {
        lastReceived = now
        lastSent = now
    }

    mutating func received(_ now: Int64) { lastReceived = now }
    mutating func sent(_ now: Int64) { lastSent = now }

    /// Nothing was sent for half the interval.
    func isDue(_ now: Int64) -> Bool { interval > 0 && now - lastSent >= interval / 2 }

    /// Nothing was heard for twice the interval.
    func isMissed(_ now: Int64) -> Bool { interval > 0 && now - lastReceived >= 2 * interval }

    /// The next moment at which there is something to do. While output is stuck a heartbeat would only queue behind it.
    func nextMoment(outputIsStuck: Bool) -> Int64 {
        guard interval > 0 else { return .max }
        let missed = lastReceived + 2 * interval
        return outputIsStuck ? missed : min(missed, lastSent + interval / 2)
    }
}
