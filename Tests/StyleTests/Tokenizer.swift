/// Cuts Swift code into tokens. It knows as much of the language as the rules need: comments and string literals vanish, code
/// interpolated into a string stays. A regular expression literal with a quote in it would confuse it; there is none.
struct Tokenizer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var tokenizer = Tokenizer(bytes: Array(text.utf8))
        tokenizer.scanCode(untilBracketCloses: false)
        return tokenizer.tokens
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func byte(_ distance: Int = 0) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private func sees(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            position + wanted.count <= bytes.count && bytes[position..<position + wanted.count].elementsEqual(wanted)
        }
    }

    private mutating func step(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    private mutating func scanCode(untilBracketCloses: Bool) {
        var depth = 0
        while let current = byte() {
            if sees("//") {
                skipLine()
            } else if sees("/*") {
                skipBlockComment()
            } else if let hashes = stringOpening() {
                scanString(hashes: hashes)
            } else if isWordByte(current) {
                scanWord()
            } else {
                if current == UInt8(ascii: "(") { depth += 1 }
                if current == UInt8(ascii: ")") { depth -= 1 }
                if untilBracketCloses, depth < 0 { return step() }
                if current > UInt8(ascii: " ") { tokens.append(Token(text: String(UnicodeScalar(current)), line: line)) }
                step()
            }
        }
    }

    private mutating func scanWord() {
        let start = position
        while let current = byte(), isWordByte(current) { position += 1 }
        tokens.append(Token(text: String(decoding: bytes[start..<position], as: UTF8.self), line: line))
    }

    private mutating func skipLine() {
        while let current = byte(), current != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if sees("/*") {
                depth += 1
                step(2)
            } else if sees("*/") {
                depth -= 1
                step(2)
            } else {
                step()
            }
        } while depth > 0 && position < bytes.count
    }

    /// The number of number signs before a quote, when a string literal begins here.
    private func stringOpening() -> Int? {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        return byte(hashes) == UInt8(ascii: "\"") ? hashes : nil
    }

    private mutating func scanString(hashes: Int) {
        step(hashes)
        let quotes = sees("\"\"\"") ? 3 : 1
        step(quotes)
        while let current = byte() {
            if current == UInt8(ascii: "\""), closes(quotes: quotes, hashes: hashes) {
                return step(quotes + hashes)
            }
            guard current == UInt8(ascii: "\\"), has(hashes: hashes, at: 1) else {
                step()
                continue
            }
            step(1 + hashes)
            if byte() == UInt8(ascii: "(") {
                step()
                scanCode(untilBracketCloses: true)
            } else {
                step()
            }
        }
    }

    private func closes(quotes: Int, hashes: Int) -> Bool {
        (0..<quotes).allSatisfy { byte($0) == UInt8(ascii: "\"") } && has(hashes: hashes, at: quotes)
    }

    private func has(hashes: Int, at distance: Int) -> Bool {
        (0..<hashes).allSatisfy { byte(distance + $0) == UInt8(ascii: "#") }
    }
}
