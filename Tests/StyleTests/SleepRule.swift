/// A test that sleeps is slow when it is right and wrong when the machine is slow: tests wait for signals, with a time-out that
/// names what was awaited (style.md, "Habits", 9).
enum SleepRule {
    private static let sleeping: Set<String> = ["sleep", "usleep", "nanosleep", "clock_nanosleep"]

    static func violations(in file: SourceFile) -> [Violation] {
        guard file.isTest else { return [] }
        return file.tokens.indices.dropLast().filter { index in
            sleeping.contains(file.tokens[index].text) && file.tokens[index + 1].text == "("
        }.map {
            Violation(path: file.path, line: file.tokens[$0].line, rule: "a test sleeps")
        }
    }
}
