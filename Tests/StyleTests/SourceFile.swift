/// A Swift file as the rules see it.
struct SourceFile {
    /// Relative to the top of the repository.
    let path: String
    let lines: [Substring]
    let tokens: [Token]

    init(path: String, text: String) {
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
        tokens = Tokenizer.tokens(of: text)
    }

    /// `Domain` for `Sources/Core/Domain/Wallet/Lot.swift`, `DomainTests` for `Tests/DomainTests/LotTests.swift`, nil elsewhere.
    var module: String? {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count >= 3 else { return nil }
        switch (parts[0], parts[1]) {
        case ("Tests", let target): return target
        case ("Sources", "Runtime"): return "Runtime"
        case ("Sources", "Testing"): return "PurserTesting"
        case ("Sources", "Executables"): return "program \(parts[2])"
        case ("Sources", _): return parts[2]
        default: return nil
        }
    }

    var isTest: Bool { path.hasPrefix("Tests/") }

    /// `Lot` for `Sources/Core/Domain/Wallet/Lot.swift`.
    var name: String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." && $0 != "+" })
    }
}
