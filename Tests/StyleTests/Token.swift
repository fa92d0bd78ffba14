/// One word or sign of Swift code outside of comments and string literals.
struct Token: Equatable {
    let text: String
    /// Counted from 1.
    let line: Int

    var isWord: Bool {
        guard let first = text.utf8.first else { return false }
        return isWordByte(first)
    }
}

/// Letters, digits, underscore, back quote, and whatever is not ASCII.
func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "_"), UInt8(ascii: "`"), 128...: true
    default: false
    }
}
