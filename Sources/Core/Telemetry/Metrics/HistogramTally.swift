/// Observations sorted into the bounds of a histogram. A plain value: a lane fills one for a batch and merges it in one go.
public struct HistogramTally: Sendable, Equatable {
    /// Upper bounds, ascending; what lies above the last is counted too.
    public let bounds: [Double]
    /// One count per bound and one for what lies above; not cumulated.
    public private(set) var counts: [Int64]
    /// Sum of what was observed.
    public private(set) var sum: Double = 0

    /// An empty tally. - Parameter bounds: ascending.
    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many observations there are.
    public var count: Int64 { counts.reduce(0, +) }

    /// Counts a value, `times` over. Not a number is ignored.
    public mutating func observe(_ value: Double, times: Int = 1) {
        guard times > 0, !value.isNaN else { return }
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if value <= bounds[middle] { high = middle } else { low = middle + 1 }
        }
        counts[low] += Int64(times)
        sum += value * Double(times)
    }

    /// Adds what another tally of the same bounds holds; one of other bounds is ignored, because its counts would mean nothing here.
    public mutating func merge(_ other: HistogramTally) {
        guard other.bounds == bounds else { return }
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
    }

    /// Forgets everything and keeps the memory.
    public mutating func clear() {
        for index in counts.indices { counts[index] = 0 }
        sum = 0
    }
}
