/// Marks of unfinished work. The words are put together here, or this file would break its own rule.
enum LeftoverRule {
    static let marks: Set<String> = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]

    static func violations(path: String, text: String) -> [Violation] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            let words = line.utf8.split { !isWordByte($0) }
            guard let mark = words.lazy.compactMap({ String($0) }).first(where: marks.contains) else { return nil }
            return Violation(path: path, line: number + 1, rule: "unfinished work is marked with \(mark)")
        }
    }
}
