/// The text that a Prometheus server scrapes (exposition format 0.0.4). Pure.
public enum PrometheusText {
    /// What goes into `Content-Type`.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All families one after another, each with its help and its type. Families without a series are left out.
    public static func render(_ families: [MetricSnapshot]) -> String {
        var text = ""
        for family in families where !family.series.isEmpty {
            text += "# HELP \(family.family.name) \(escaped(family.family.help, quotes: false))\n"
            text += "# TYPE \(family.family.name) \(word(family.family.kind))\n"
            for series in family.series { append(family.family, series, to: &text) }
        }
        return text
    }

    private static func append(_ family: MetricFamily, _ series: MetricSnapshot.Series, to text: inout String) {
        let pairs = zip(family.labels, series.labels).map { (name: $0, value: $1) }
        switch series.value {
        case .counter(let value): text += "\(family.name)\(labels(pairs)) \(value)\n"
        case .gauge(let value): text += "\(family.name)\(labels(pairs)) \(number(value))\n"
        case .histogram(let tally):
            var sum: Int64 = 0
            for (index, count) in tally.counts.enumerated() {
                sum += count
                let bound = index < tally.bounds.count ? number(tally.bounds[index]) : "+Inf"
                text += "\(family.name)_bucket\(labels(pairs + [(name: "le", value: bound)])) \(sum)\n"
            }
            text += "\(family.name)_sum\(labels(pairs)) \(number(tally.sum))\n"
            text += "\(family.name)_count\(labels(pairs)) \(sum)\n"
        }
    }

    private static func word(_ kind: MetricFamily.Kind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func labels(_ pairs: [(name: String, value: String)]) -> String {
        guard !pairs.isEmpty else { return "" }
        return "{" + pairs.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += #"\\"#
            case "\n": result += #"\n"#
            case "\"" where quotes: result += #"\""#
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
