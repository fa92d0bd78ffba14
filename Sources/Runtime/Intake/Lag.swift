import Messages
import Telemetry

extension LaneContext {
    /// Observes how long after their publication messages were committed. Call after the commit, once per batch: the process's histogram is
    /// touched once, whatever the size of the batch.
    ///
    /// The moment of publication is the time in the envelope, which producers set when they publish; the broker's own stamp knows seconds
    /// only. A producer whose clock is ahead counts as no lag. Under time travel times say nothing about lag.
    /// - Parameters:
    ///   - consumer: the name in routing keys: `usage`, `meter`, `billing`.
    ///   - times: microseconds since 1970, of messages that come from a producer just now: neither replayed nor put off.
    public func observeLag(_ consumer: String, since times: some Sequence<Int64>) {
        guard !configuration.isTimeTravel else { return }
        let histogram = metrics.histogram(.lag, consumer)
        let moment = now
        var tally = HistogramTally(bounds: histogram.bounds)
        for time in times { tally.observe(Double(max(0, moment - time)) / 1_000_000) }
        histogram.merge(tally)
    }

    /// The same for the requests of a batch.
    public func observeLag(of commands: [Command]) {
        observeLag(program, since: commands.lazy.filter { $0.attempts == 0 }.compactMap(\.envelope.time))
    }
}
