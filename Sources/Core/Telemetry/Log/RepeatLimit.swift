/// Lets a message through a few times in each span of time and counts the rest, so that a fault that strikes every message of a
/// backlog does not fill the disk. Pure: time comes in with each question.
struct RepeatLimit: Sendable {
    /// What to do with a line.
    enum Verdict: Equatable {
        /// Write it, and say how many like it were left out since the last one.
        case write(suppressed: Int)
        case leaveOut
    }

    private struct Window: Sendable {
        var start: Int64
        var written: Int
        var suppressed: Int
    }

    /// Lines of one message in one span.
    let perSpan: Int
    /// Length of the span in nanoseconds of the monotonic clock.
    let span: Int64
    private var windows: [UInt: Window] = [:]

    init(perSpan: Int = 20, span: Int64 = 10_000_000_000) {
        self.perSpan = perSpan
        self.span = span
    }

    /// - Parameters:
    ///   - message: the address of the constant message: as many keys as there are log statements in the program, so bounded.
    ///   - now: nanoseconds on the monotonic clock.
    mutating func admit(_ message: UInt, now: Int64) -> Verdict {
        guard var window = windows[message], now - window.start < span else {
            let suppressed = windows[message]?.suppressed ?? 0
            windows[message] = Window(start: now, written: 1, suppressed: 0)
            return .write(suppressed: suppressed)
        }
        guard window.written < perSpan else {
            window.suppressed += 1
            windows[message] = window
            return .leaveOut
        }
        window.written += 1
        windows[message] = window
        return .write(suppressed: 0)
    }
}
