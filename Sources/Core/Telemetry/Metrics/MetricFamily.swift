/// The description of one metric: its name, what it means, what kind it is, and which labels its series carry.
///
/// The families of the product stand in `MetricCatalog.swift`; names follow operations.md, "Observability": `purser_..._total` for
/// counters, base units (`_seconds`), labels with few values and never an id.
public struct MetricFamily: Sendable, Equatable {
    /// What a series of the family is.
    public enum Kind: Sendable, Equatable {
        /// Only goes up.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts of observations at or below each bound, ascending; the bound of infinity is added by itself.
        case histogram(bounds: [Double])
    }

    /// The name as a scraper sees it.
    public let name: String
    /// One sentence for a person.
    public let help: String
    /// What its series are.
    public let kind: Kind
    /// The names of its labels, in the order in which values are given.
    public let labels: [String]

    /// A family with these parts. Two families of one name must be the same.
    public init(_ name: String, _ kind: Kind, labels: [String] = [], help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }

    /// Bounds for things that take from half a millisecond to a minute, in seconds.
    public static let durations: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// Bounds for how many messages make a batch.
    public static let sizes: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 4000, 8000]
}
