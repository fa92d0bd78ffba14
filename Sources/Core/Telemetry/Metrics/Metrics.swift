import Synchronization

/// The metrics of a process. Any thread may ask for a series and add to it; ask once and keep it where it is used often.
public final class Metrics: Sendable {
    private enum Series: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
    }

    private struct Family {
        let description: MetricFamily
        var series: [[String]: Series] = [:]
    }

    /// Series of one family at most; further label values are counted together under `other`, so that no input can fill the memory.
    public static let mostSeries = 200

    private let families = Mutex<[String: Family]>([:])

    /// A registry that shows these families from the start, empty ones of no label with their zero.
    public init(_ known: [MetricFamily] = MetricFamily.ofRuntime) {
        for family in known {
            families.withLock { $0[family.name] = Family(description: family) }
            guard family.labels.isEmpty else { continue }
            _ = series(family, [])
        }
    }

    /// The counter of a family with these label values, in the family's order.
    public func counter(_ family: MetricFamily, _ labels: String...) -> Counter {
        guard case .counter(let counter) = series(family, labels) else { return Counter() }
        return counter
    }

    /// The gauge of a family with these label values.
    public func gauge(_ family: MetricFamily, _ labels: String...) -> Gauge {
        guard case .gauge(let gauge) = series(family, labels) else { return Gauge() }
        return gauge
    }

    /// The histogram of a family with these label values.
    public func histogram(_ family: MetricFamily, _ labels: String...) -> Histogram {
        guard case .histogram(let histogram) = series(family, labels) else { return Histogram(bounds: MetricFamily.durations) }
        return histogram
    }

    /// Everything as it is now, by name and then by labels. Series are read one after another, not at one instant.
    public func snapshot() -> [MetricSnapshot] {
        let all = families.withLock { $0.values.sorted { $0.description.name < $1.description.name } }
        return all.map { family in
            let series = family.series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            return MetricSnapshot(
                family: family.description,
                series: series.map { MetricSnapshot.Series(labels: $0.key, value: value($0.value)) })
        }
    }

    private func value(_ series: Series) -> MetricSnapshot.Value {
        switch series {
        case .counter(let counter): .counter(counter.value)
        case .gauge(let gauge): .gauge(gauge.value)
        case .histogram(let histogram): .histogram(histogram.tally)
        }
    }

    private func series(_ description: MetricFamily, _ given: [String]) -> Series {
        precondition(given.count == description.labels.count, "metric \(description.name) has labels \(description.labels)")
        return families.withLock { families in
            var family = families[description.name] ?? Family(description: description)
            if let found = family.series[given] { return found }
            let labels = family.series.count < Metrics.mostSeries ? given : given.map { _ in "other" }
            if let found = family.series[labels] { return found }
            let made: Series =
                switch description.kind {
                case .counter: .counter(Counter())
                case .gauge: .gauge(Gauge())
                case .histogram(let bounds): .histogram(Histogram(bounds: bounds))
                }
            family.series[labels] = made
            families[description.name] = family
            return made
        }
    }
}
