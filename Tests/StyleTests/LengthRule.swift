/// Files of at most 400 lines, functions of at most 70 (style.md, "Habits", 6).
enum LengthRule {
    static let fileLimit = 400
    static let functionLimit = 70

    static func violations(in file: SourceFile) -> [Violation] {
        var found: [Violation] = []
        if file.lines.count > fileLimit {
            found.append(
                Violation(path: file.path, line: fileLimit + 1, rule: "the file has \(file.lines.count) lines, the limit is \(fileLimit)"))
        }
        for function in Function.all(in: file.tokens) where function.length > functionLimit {
            found.append(
                Violation(
                    path: file.path, line: function.firstLine,
                    rule: "\(function.name) has \(function.length) lines, the limit is \(functionLimit)"))
        }
        return found
    }
}
