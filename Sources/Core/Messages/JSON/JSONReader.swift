/// Reads any JSON document into values: everything that is not on the meter's hot path.
///
/// Strict (RFC 8259): UTF-8 is checked, numbers are exact, nothing may follow the value.
public enum JSONReader {
    /// The most arrays and objects inside one another (quality.md, Bad input: "deep").
    public static let depthLimit = 64

    /// Reads a whole buffer. Throws when it is not one JSON value; trying again cannot help.
    public static func read(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        try read(bytes, in: 0..<bytes.count)
    }

    /// Reads the part of a buffer, such as one element of a batch. Ranges of values count from the buffer's start.
    public static func read(_ bytes: [UInt8], in range: Range<Int>) throws(JSONSyntaxError) -> JSONValue {
        guard isUTF8(bytes, in: range) else { throw JSONSyntaxError(.invalidUTF8, at: range.lowerBound) }
        var scanner = JSONScanner(bytes, range)
        scanner.skipSpace()
        let value = try self.value(&scanner, depth: 0)
        try scanner.finish()
        return value
    }

    /// Whether the bytes are UTF-8, shortest forms only and without surrogates.
    static func isUTF8(_ bytes: [UInt8], in range: Range<Int>) -> Bool {
        (try? UTF8Span(validating: bytes.span.extracting(range))) != nil
    }

    private static func value(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> JSONValue {
        let start = scanner.position
        let kind: JSONValue.Kind
        switch scanner.current {
        case UInt8(ascii: "\""):
            kind = JSONText.text(scanner.bytes, try scanner.string()).map { .text($0) } ?? .unpairedText
        case UInt8(ascii: "{"): kind = .object(try members(&scanner, depth: depth + 1))
        case UInt8(ascii: "["): kind = .array(try elements(&scanner, depth: depth + 1))
        case UInt8(ascii: "-"), 0x30...0x39:
            let number = try scanner.number()
            kind = number.whole.map { .whole($0) } ?? .decimal(String(decoding: scanner.bytes[number.start..<number.end], as: UTF8.self))
        default:
            switch try scanner.literal() {
            case .true: kind = .bool(true)
            case .false: kind = .bool(false)
            case .null: kind = .null
            }
        }
        return JSONValue(kind, at: start..<scanner.position)
    }

    private static func members(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> [JSONMember] {
        try scanner.enter(depth)
        var members: [JSONMember] = []
        if try scanner.leaveAtOnce(UInt8(ascii: "}")) { return members }
        repeat {
            scanner.skipSpace()
            // A name that is no text is none of ours; the replacement keeps it from being taken for one.
            let name = JSONText.text(scanner.bytes, try scanner.string()) ?? "\u{FFFD}"
            try scanner.colon()
            members.append(JSONMember(name: name, value: try value(&scanner, depth: depth)))
        } while try scanner.another(UInt8(ascii: "}"))
        return members
    }

    private static func elements(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        try scanner.enter(depth)
        var elements: [JSONValue] = []
        if try scanner.leaveAtOnce(UInt8(ascii: "]")) { return elements }
        repeat {
            scanner.skipSpace()
            elements.append(try value(&scanner, depth: depth))
        } while try scanner.another(UInt8(ascii: "]"))
        return elements
    }
}
