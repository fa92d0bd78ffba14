/// Names that say nothing, of files and types (style.md, "Not wanted").
enum NamingRule {
    static let refused: Set<String> = ["Util", "Utils", "Utilities", "Common", "Helper", "Helpers", "Manager"]
    private static let declaring: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]

    static func violations(in file: SourceFile) -> [Violation] {
        var found: [Violation] = []
        for part in file.path.split(separator: "/") where isRefused(String(part.prefix { $0 != "." })) {
            found.append(Violation(path: file.path, line: 1, rule: "\(part) says nothing as the name of a file or folder"))
        }
        for (keyword, name) in zip(file.tokens, file.tokens.dropFirst()) where declaring.contains(keyword.text) && isRefused(name.text) {
            found.append(Violation(path: file.path, line: name.line, rule: "\(name.text) says nothing as the name of a type"))
        }
        return found
    }

    static func isRefused(_ name: String) -> Bool {
        words(of: name).contains { refused.contains($0) }
    }

    /// `WalletManager` is `Wallet` and `Manager`.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        for character in name {
            if words.isEmpty || character.isUppercase || character == "_" || character == "+" {
                words.append("")
            }
            if character != "_", character != "+" { words[words.count - 1].append(character) }
        }
        return words
    }
}
