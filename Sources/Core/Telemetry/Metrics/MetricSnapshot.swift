/// One family with the values that its series had when they were read.
public struct MetricSnapshot: Sendable, Equatable {
    /// What a series shows.
    public enum Value: Sendable, Equatable {
        /// So many so far.
        case counter(Int64)
        /// So much now.
        case gauge(Double)
        /// Spread so.
        case histogram(HistogramTally)
    }

    /// One set of label values with its value.
    public struct Series: Sendable, Equatable {
        /// In the order of the family's labels.
        public let labels: [String]
        /// What was read.
        public let value: Value

        /// A series with these parts.
        public init(labels: [String], value: Value) {
            self.labels = labels
            self.value = value
        }
    }

    /// Whose values these are.
    public let family: MetricFamily
    /// Sorted by labels.
    public let series: [Series]

    /// A snapshot with these parts.
    public init(family: MetricFamily, series: [Series]) {
        self.family = family
        self.series = series
    }
}
