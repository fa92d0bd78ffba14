/// The strict JSON grammar (RFC 8259) over bytes. Both readers, the general one and the one for usage events, stand on it,
/// so that they cannot disagree about what JSON is.
///
/// The scanner keeps the array, not a pointer: every access is checked, for these bytes come from strangers.
/// Its caller has already seen that the bytes are UTF-8.
struct JSONScanner {
    let bytes: [UInt8]
    var position: Int
    let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
        skipByteOrderMark()
    }

    /// Some producers write one; RFC 8259 lets a reader ignore it.
    private mutating func skipByteOrderMark() {
        if end - position >= 3, bytes[position] == 0xEF, bytes[position + 1] == 0xBB, bytes[position + 2] == 0xBF { position += 3 }
    }

    /// The byte at the position; 0 at the end, which nowhere is valid outside a string.
    @inline(__always)
    var current: UInt8 { position < end ? bytes[position] : 0 }

    @inline(__always)
    mutating func skipSpace() {
        while position < end {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// The error for a byte that does not fit, or for the missing one.
    func mismatch() -> JSONSyntaxError {
        JSONSyntaxError(position < end ? .unexpectedByte : .unexpectedEnd, at: position)
    }

    @inline(__always)
    mutating func expect(_ byte: UInt8) throws(JSONSyntaxError) {
        guard position < end, bytes[position] == byte else { throw mismatch() }
        position += 1
    }

    /// Only white space may follow.
    mutating func finish() throws(JSONSyntaxError) {
        skipSpace()
        if position < end { throw JSONSyntaxError(.trailingBytes, at: position) }
    }

    /// A string; the position is at its opening quote and afterwards behind the closing one.
    @inline(__always)
    mutating func string() throws(JSONSyntaxError) -> ScannedString {
        try expect(UInt8(ascii: "\""))
        let start = position
        var escaped = false
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return ScannedString(start: start, end: index, escaped: escaped)
            }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                index = try afterEscape(index)
                continue
            }
            if byte < 0x20 { throw JSONSyntaxError(.controlCharacter, at: index) }
            index += 1
        }
        throw JSONSyntaxError(.unexpectedEnd, at: end)
    }

    private func afterEscape(_ backslash: Int) throws(JSONSyntaxError) -> Int {
        guard backslash + 1 < end else { throw JSONSyntaxError(.unexpectedEnd, at: end) }
        switch bytes[backslash + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return backslash + 2
        case UInt8(ascii: "u"):
            guard JSONText.unit(bytes, backslash + 2, end) != nil else { throw JSONSyntaxError(.invalidEscape, at: backslash) }
            return backslash + 6
        default:
            throw JSONSyntaxError(.invalidEscape, at: backslash)
        }
    }

    /// A number; the position is at its first byte.
    mutating func number() throws(JSONSyntaxError) -> ScannedNumber {
        let start = position
        var index = start
        let negative = current == UInt8(ascii: "-")
        if negative { index += 1 }
        let firstDigit = index
        var value: Int64 = 0
        while index < end, case let digit = bytes[index] &- 0x30, digit < 10 {
            value = value &* 10 &+ Int64(digit)
            index += 1
        }
        let digits = index - firstDigit
        guard digits > 0, digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else { throw JSONSyntaxError(.invalidNumber, at: start) }
        position = index
        let follower = current
        if follower != UInt8(ascii: "."), follower | 0x20 != UInt8(ascii: "e") {
            // 18 digits always fit; longer ones are looked at with care.
            if digits <= 18 { return ScannedNumber(start: start, end: index, whole: negative ? -value : value) }
            return ScannedNumber(start: start, end: index, whole: JSONNumber.whole(bytes, start, index))
        }
        try fractionAndExponent(start)
        return ScannedNumber(start: start, end: position, whole: JSONNumber.whole(bytes, start, position))
    }

    private mutating func fractionAndExponent(_ start: Int) throws(JSONSyntaxError) {
        if current == UInt8(ascii: ".") {
            position += 1
            try digits(start)
        }
        if current | 0x20 == UInt8(ascii: "e") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits(start)
        }
    }

    private mutating func digits(_ start: Int) throws(JSONSyntaxError) {
        guard current &- 0x30 < 10 else { throw JSONSyntaxError(.invalidNumber, at: start) }
        while current &- 0x30 < 10 { position += 1 }
    }

    /// `true`, `false` or `null`.
    mutating func literal() throws(JSONSyntaxError) -> ScannedLiteral {
        switch current {
        case UInt8(ascii: "t"): return try word("true", .true)
        case UInt8(ascii: "f"): return try word("false", .false)
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw mismatch()
        }
    }

    private mutating func word(_ word: String, _ literal: ScannedLiteral) throws(JSONSyntaxError) -> ScannedLiteral {
        for byte in word.utf8 { try expect(byte) }
        return literal
    }

    /// Passes over one value of any kind and checks its grammar.
    ///
    /// `depth` is the number of arrays and objects around it.
    mutating func skipValue(depth: Int) throws(JSONSyntaxError) {
        switch current {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"): try skipObject(depth: depth + 1)
        case UInt8(ascii: "["): try skipArray(depth: depth + 1)
        case UInt8(ascii: "-"), 0x30...0x39: _ = try number()
        default: _ = try literal()
        }
    }

    private mutating func skipObject(depth: Int) throws(JSONSyntaxError) {
        try enter(depth)
        if try leaveAtOnce(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            _ = try string()
            try colon()
            try skipValue(depth: depth)
        } while try another(UInt8(ascii: "}"))
    }

    private mutating func skipArray(depth: Int) throws(JSONSyntaxError) {
        try enter(depth)
        if try leaveAtOnce(UInt8(ascii: "]")) { return }
        repeat {
            skipSpace()
            try skipValue(depth: depth)
        } while try another(UInt8(ascii: "]"))
    }

    /// Goes in through an opening bracket, which the caller has seen.
    @inline(__always)
    mutating func enter(_ depth: Int) throws(JSONSyntaxError) {
        if depth > JSONReader.depthLimit { throw JSONSyntaxError(.tooDeep, at: position) }
        position += 1
        skipSpace()
    }

    /// True when the container is empty; its bracket is then passed.
    @inline(__always)
    mutating func leaveAtOnce(_ bracket: UInt8) throws(JSONSyntaxError) -> Bool {
        guard current == bracket else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func colon() throws(JSONSyntaxError) {
        skipSpace()
        try expect(UInt8(ascii: ":"))
        skipSpace()
    }

    /// After an element: true behind a comma, false behind the closing bracket.
    @inline(__always)
    mutating func another(_ bracket: UInt8) throws(JSONSyntaxError) -> Bool {
        skipSpace()
        if current == UInt8(ascii: ",") {
            position += 1
            return true
        }
        try expect(bracket)
        return false
    }
}

/// A string's bytes between its quotes.
struct ScannedString {
    let start: Int
    let end: Int
    let escaped: Bool
}

/// A number's bytes, and its value when it is whole and fits 64 bits.
struct ScannedNumber {
    let start: Int
    let end: Int
    let whole: Int64?
}

enum ScannedLiteral { case `true`, `false`, null }
