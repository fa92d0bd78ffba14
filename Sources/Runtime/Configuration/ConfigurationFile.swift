/// Reads the text of a file that `PURSER_CONFIG` names: lines of `NAME=value`, comments from `#` at the start of a line, an optional
/// `export`, and values that may stand in single or double quotes. The same lines work for a shell and for systemd. Pure.
enum ConfigurationFile {
    static func read(_ text: String) -> (values: [(name: String, value: String)], mistakes: [ConfigurationMistake]) {
        var values: [(name: String, value: String)] = []
        var mistakes: [ConfigurationMistake] = []
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, raw) in lines.enumerated() {
            var line = trimmed(raw)
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = trimmed(line.dropFirst(7)) }
            guard let equals = line.firstIndex(of: "="), equals != line.startIndex else {
                mistakes.append(ConfigurationMistake(name: "PURSER_CONFIG", reason: "line \(index + 1) is not NAME=value"))
                continue
            }
            let name = String(trimmed(line[..<equals]))
            if values.contains(where: { $0.name == name }) {
                mistakes.append(ConfigurationMistake(name: name, reason: "stands twice in the file of PURSER_CONFIG"))
            }
            values.append((name, unquoted(trimmed(line[line.index(after: equals)...]))))
        }
        return (values, mistakes)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" || first == "\r" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" || last == "\r" || last == "\r\n" { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'" else { return String(text) }
        return String(text.dropFirst().dropLast())
    }
}
