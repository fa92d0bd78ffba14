import Glibc

/// The variables of the process, read once at the start.
public enum Environment {
    /// All of them by name; where a name stands twice, the first counts, as for `getenv`.
    public static func all() -> [String: String] {
        var values: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, values[String(parts[0])] == nil { values[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return values
    }
}
