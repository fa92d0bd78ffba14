import Telemetry

/// A bar with rate and time left, drawn at most ten times a second and only where a person watches.
struct ProgressBar {
    private let console: Console
    private let time: TimeSource
    private let label: String
    private let start: Int64
    private var last: Int64 = 0
    private var first: Int64?

    init(_ label: String, console: Console, time: TimeSource = .system) {
        self.label = label
        self.console = console
        self.time = time
        start = time.monotonicNanoseconds
    }

    /// Seconds since it was made.
    var elapsed: Double { time.seconds(since: start) }

    /// - Parameters:
    ///   - done: units that are done, those of an earlier run included.
    ///   - all: units in all; nil where nobody knows.
    mutating func show(_ done: Int64, of all: Int64?) {
        if first == nil { first = done }
        let now = time.monotonicNanoseconds
        guard console.showsProgress, now - last >= 100_000_000 else { return }
        last = now
        console.progress(text(done, all))
    }

    private func text(_ done: Int64, _ all: Int64?) -> String {
        let seconds = max(elapsed, 0.001)
        let rate = Double(done - (first ?? 0)) / seconds
        let speed = "\(Figures.grouped(Int64(rate)))/s"
        guard let all, all > 0 else { return "\(label)  \(Figures.grouped(done))  \(speed)  \(Figures.clock(seconds: seconds))" }
        let share = min(1, Double(done) / Double(all))
        let filled = Int(share * 24)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
        let left = rate > 0 ? Figures.clock(seconds: Double(all - done) / rate) : "-:--"
        return "\(label) [\(bar)] \(Int(share * 100)) %  \(Figures.grouped(done))/\(Figures.grouped(all))  \(speed)  \(left) left"
    }
}
