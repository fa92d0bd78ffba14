import Messages

/// What a topology command found and did.
public struct TopologyReport: Sendable {
    /// The virtual host that was looked at.
    public let virtualHost: String
    /// What apply mended; empty for check.
    public let mended: [TopologyDifference]
    /// What differs now.
    public let remaining: [TopologyDifference]
    /// What could not be compared.
    public let remarks: [String]
    /// The number of calls that changed something.
    public let changes: Int

    /// 0: everything is as described. 1: something is not (for apply: something that it cannot mend; what is merely extra counts for check).
    public let exitCode: Int32

    /// One line per difference and a last line that sums up; for a person.
    public var lines: [String] {
        let done = mended.map { ($0.kind == .missing ? "made     " : "mended   ") + $0.sentence }
        let left = remaining.map { $0.kind.label + $0.sentence }
        return done + left + remarks.map { "note     " + $0 } + [summary]
    }

    /// The same for a program: `{"virtual_host","changes","mended":[…],"differences":[…],"remarks":[…]}`.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("virtual_host", virtualHost)
        writer.member("changes", Int64(changes))
        for (name, list) in [("mended", mended), ("differences", remaining)] {
            writer.name(name)
            writer.beginArray()
            for difference in list {
                writer.beginObject()
                writer.member("kind", difference.kind.rawValue)
                writer.member("object", difference.object)
                writer.member("words", difference.words)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.name("remarks")
        writer.beginArray()
        for remark in remarks { writer.value(remark) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private var summary: String {
        let place = "virtual host \(virtualHost)"
        if remaining.isEmpty {
            return changes == 0 ? "\(place) is as described, nothing to do" : "\(place) is as described after \(changes) changes"
        }
        let count = remaining.count == 1 ? "1 difference" : "\(remaining.count) differences"
        return changes == 0 ? "\(place) has \(count)" : "\(place) has \(count) left after \(changes) changes"
    }
}

extension TopologyDifference {
    /// For something missing the object alone says it.
    fileprivate var sentence: String { kind == .missing && words == "it is missing" ? object : description }
}

extension TopologyDifference.Kind {
    fileprivate var label: String {
        switch self {
        case .missing: "missing  "
        case .drift: "differs  "
        case .blocked: "blocked  "
        case .extra: "extra    "
        }
    }
}
