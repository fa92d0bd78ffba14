/// Relative links of Markdown files lead to something that exists.
enum LinkRule {
    /// `exists` is asked for paths relative to the top of the repository.
    static func violations(path: String, text: String, exists: (String) -> Bool) -> [Violation] {
        let folder = path.split(separator: "/").dropLast()
        return links(in: text).filter { !exists(resolve($0.target, in: folder)) }.map {
            Violation(path: path, line: $0.line, rule: "nothing at \($0.target)")
        }
    }

    /// Targets of `[text](target)` outside of code blocks, without what follows a number sign.
    static func links(in text: String) -> [(target: String, line: Int)] {
        var found: [(target: String, line: Int)] = []
        var isCode = false
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") { isCode.toggle() }
            if isCode || line.hasPrefix("    ") { continue }
            for piece in line.split(separator: "](", omittingEmptySubsequences: false).dropFirst() {
                let target = piece.prefix { $0 != ")" }.prefix { $0 != "#" }
                if target.isEmpty || target.contains(":") { continue }
                found.append((String(target), number + 1))
            }
        }
        return found
    }

    private static func resolve(_ target: String, in folder: ArraySlice<Substring>) -> String {
        var parts = target.hasPrefix("/") ? [] : Array(folder)
        for part in target.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
