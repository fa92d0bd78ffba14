/// Growing, jittered waits between tries, so that many lanes do not knock at the same moment. Pure: randomness comes in.
struct Backoff {
    let first: Duration
    let longest: Duration
    private var tries = 0

    /// 100 ms doubling to 5 s: work goes on well within 10 s after a server is back (messages.md, mq-facts 4 row 6).
    init(first: Duration = .milliseconds(100), longest: Duration = .seconds(5)) {
        self.first = first
        self.longest = longest
    }

    /// The next wait: between half of the step and all of it.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let factor = 1 << min(tries, 20)
        tries += 1
        let step = min(first * factor, longest)
        return step * Double.random(in: 0.5...1, using: &generator)
    }

    /// It worked: start over.
    mutating func reset() { tries = 0 }
}
