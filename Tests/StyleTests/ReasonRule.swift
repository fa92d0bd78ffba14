/// What switches a check of the compiler off has its reason on the line above (style.md, "Habits", 13).
enum ReasonRule {
    private static let risky = ["@ unchecked Sendable", "nonisolated ( unsafe )", "try !"]

    static func violations(in file: SourceFile) -> [Violation] {
        file.tokens.indices.compactMap { index in
            guard let phrase = risky.first(where: { begins(with: $0, at: index, in: file.tokens) }) else { return nil }
            let line = file.tokens[index].line
            let above = line >= 2 ? file.lines[line - 2].drop { $0 == " " } : ""
            guard !above.hasPrefix("//") else { return nil }
            return Violation(path: file.path, line: line, rule: "\(phrase.filter { $0 != " " }) has no reason on the line above")
        }
    }

    private static func begins(with phrase: String, at index: Int, in tokens: [Token]) -> Bool {
        let words = phrase.split(separator: " ")
        return index + words.count <= tokens.count && zip(words, tokens[index...]).allSatisfy { $0 == $1.text }
    }
}
