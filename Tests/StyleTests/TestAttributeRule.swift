/// A test without `@Test` is compiled and never run. Nobody calls a test, so: a function that asserts, and whose name stands nowhere
/// else in its target, is one; so is a function whose name begins with "test" (style.md, "Habits", 7).
enum TestAttributeRule {
    /// The files of one test target.
    static func violations(in files: [SourceFile]) -> [Violation] {
        var mentions: [String: Int] = [:]
        for token in files.lazy.flatMap(\.tokens) where token.isWord {
            mentions[token.text, default: 0] += 1
        }
        return files.flatMap { file in
            Function.all(in: file.tokens).filter { function in
                guard !function.attributes.contains("Test"), function.name != "init", function.name != "deinit" else { return false }
                if function.name.hasPrefix("test") { return true }
                return asserts(file.tokens[function.body]) && mentions[function.name] == 1
            }.map {
                Violation(path: file.path, line: $0.firstLine, rule: "\($0.name) looks like a test and has no @Test")
            }
        }
    }

    private static func asserts(_ body: ArraySlice<Token>) -> Bool {
        body.indices.dropLast().contains { index in
            let next = body[index + 1].text
            return switch body[index].text {
            case "#": next == "expect" || next == "require"
            case "Issue": next == "."
            default: false
            }
        }
    }
}
