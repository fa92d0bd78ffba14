import Synchronization

/// How a measured quantity is spread. Any thread may add.
public final class Histogram: Sendable {
    private let state: Mutex<HistogramTally>
    /// Its upper bounds, to make a `HistogramTally` that fits.
    public let bounds: [Double]

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(HistogramTally(bounds: bounds))
    }

    /// Counts one value, `times` over.
    public func observe(_ value: Double, times: Int = 1) {
        state.withLock { $0.observe(value, times: times) }
    }

    /// Adds a tally that a lane filled for a batch.
    public func merge(_ tally: HistogramTally) {
        state.withLock { $0.merge(tally) }
    }

    /// What was observed so far.
    public var tally: HistogramTally { state.withLock { $0 } }
}
