/// Stripe's search language, as much of it as finds payments by their metadata: `metadata['order']:'7' AND status:'succeeded'`.
struct SearchQuery {
    private struct Clause {
        let path: [String]
        let value: String
        let isNegated: Bool
        /// `~`: part of the value is enough.
        let isPart: Bool
    }

    private var clauses: [Clause] = []

    init(_ text: String) throws(StripeProblem) {
        for part in SearchQuery.split(text) {
            guard let clause = SearchQuery.clause(part) else {
                throw .invalid("query", "We were unable to parse your search query. Try using the format `metadata[\"key\"]:\"value\"`.")
            }
            clauses.append(clause)
        }
        guard !clauses.isEmpty else { throw .missing("query") }
    }

    func matches(_ node: Node) -> Bool {
        clauses.allSatisfy { clause in
            var value = node
            for step in clause.path { value = value[step] }
            let text = value.text ?? value.number.map { String($0) }
            let isMatch = clause.isPart ? text?.contains(clause.value) == true : text == clause.value
            return isMatch != clause.isNegated
        }
    }

    /// At `AND` outside of quotes.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            }
            parts[parts.count - 1].append(character)
            if quote == nil, parts[parts.count - 1].uppercased().hasSuffix(" AND ") {
                parts[parts.count - 1].removeLast(5)
                parts.append("")
            }
        }
        return parts.map(trimmed)
    }

    private static func clause(_ text: String) -> Clause? {
        var text = text[...]
        let isNegated = text.hasPrefix("-")
        if isNegated { text = text.dropFirst() }
        var path: [String] = []
        if text.hasPrefix("metadata[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            guard let key = unquoted(text[text.index(text.startIndex, offsetBy: 9)..<close]) else { return nil }
            path = ["metadata", key]
            text = text[text.index(after: close)...]
        } else {
            let name = text.prefix { $0 != ":" && $0 != "~" && $0 != " " }
            guard !name.isEmpty else { return nil }
            path = [String(name)]
            text = text[name.endIndex...]
        }
        guard let sign = text.first, sign == ":" || sign == "~" else { return nil }
        let rest = trimmed(String(text.dropFirst()))
        guard let value = unquoted(rest[...]) ?? (Int64(rest) != nil ? rest : nil) else { return nil }
        return Clause(path: path, value: value, isNegated: isNegated, isPart: sign == "~")
    }

    private static func unquoted(_ text: Substring) -> String? {
        guard text.count >= 2, let first = text.first, first == text.last, first == "'" || first == "\"" else { return nil }
        let inner = text.dropFirst().dropLast()
        return inner.contains(first) ? nil : String(inner)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
