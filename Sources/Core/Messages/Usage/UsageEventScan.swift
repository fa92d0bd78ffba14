/// One pass over a structured usage event: notes where the values that we want stand and what kind they are, and judges
/// nothing but the grammar.
struct UsageEventScan {
    /// A value of a wanted name.
    struct Slot {
        enum Kind: UInt8 { case absent, null, text, escapedText, number, fraction, object, other, duplicate }

        var kind = Kind.absent
        /// First byte; of a string, the one behind the quote.
        var start = 0
        /// Behind the last byte; of a string, its closing quote.
        var end = 0
        /// The value of a whole number.
        var whole: Int64 = 0

        /// Neither absent nor `null`.
        var isPresent: Bool { kind != .absent && kind != .null }
    }

    var specversion = Slot()
    var id = Slot()
    var source = Slot()
    var type = Slot()
    var subject = Slot()
    var time = Slot()
    var dataContentType = Slot()
    var dataBase64 = Slot()
    var traceparent = Slot()
    var data = Slot()
    var service = Slot()
    var quantity = Slot()
    var tokens = Slot()
    var metadata = Slot()
    /// False when the JSON is valid, but not an object.
    var isObject = false

    private var scanner: JSONScanner

    init(_ body: [UInt8], _ range: Range<Int>) {
        scanner = JSONScanner(body, range)
    }

    /// Goes over the whole event.
    mutating func run() throws(JSONSyntaxError) {
        scanner.skipSpace()
        isObject = scanner.current == UInt8(ascii: "{")
        if isObject { try event() } else { try scanner.skipValue(depth: 0) }
        try scanner.finish()
    }

    private mutating func event() throws(JSONSyntaxError) {
        try scanner.enter(1)
        if try scanner.leaveAtOnce(UInt8(ascii: "}")) { return }
        repeat {
            scanner.skipSpace()
            switch try key() {
            case .specversion: try Self.note(&specversion, &scanner, depth: 1)
            case .id: try Self.note(&id, &scanner, depth: 1)
            case .source: try Self.note(&source, &scanner, depth: 1)
            case .type: try Self.note(&type, &scanner, depth: 1)
            case .subject: try Self.note(&subject, &scanner, depth: 1)
            case .time: try Self.note(&time, &scanner, depth: 1)
            case .dataContentType: try Self.note(&dataContentType, &scanner, depth: 1)
            case .dataBase64: try Self.note(&dataBase64, &scanner, depth: 1)
            case .traceparent: try Self.note(&traceparent, &scanner, depth: 1)
            case .data: try eventData()
            default: try scanner.skipValue(depth: 1)
            }
        } while try scanner.another(UInt8(ascii: "}"))
    }

    private mutating func eventData() throws(JSONSyntaxError) {
        // Fields of a second `data` are not wanted: the event is refused for it, and these must not hide that.
        guard scanner.current == UInt8(ascii: "{"), data.kind == .absent else { return try Self.note(&data, &scanner, depth: 1) }
        try scanner.enter(2)
        data.kind = .object
        if try scanner.leaveAtOnce(UInt8(ascii: "}")) { return }
        repeat {
            scanner.skipSpace()
            switch try key() {
            case .service: try Self.note(&service, &scanner, depth: 2)
            case .quantity: try Self.note(&quantity, &scanner, depth: 2)
            case .tokens: try Self.note(&tokens, &scanner, depth: 2)
            case .metadata: try Self.note(&metadata, &scanner, depth: 2)
            default: try scanner.skipValue(depth: 2)
            }
        } while try scanner.another(UInt8(ascii: "}"))
    }

    /// A name and its colon.
    @inline(__always)
    private mutating func key() throws(JSONSyntaxError) -> UsageEventKey? {
        let name = try scanner.string()
        try scanner.colon()
        if !name.escaped { return UsageEventKey(scanner.bytes, name.start, name.end) }
        return JSONText.text(scanner.bytes, name).flatMap(UsageEventKey.init(rawValue:))
    }

    /// Reads the value of a wanted name. A second one of the same name makes it ambiguous.
    @inline(__always)
    private static func note(_ slot: inout Slot, _ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) {
        let isFirst = slot.kind == .absent
        slot = try value(&scanner, depth: depth)
        if !isFirst { slot.kind = .duplicate }
    }

    @inline(__always)
    private static func value(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Slot {
        switch scanner.current {
        case UInt8(ascii: "\""):
            let string = try scanner.string()
            return Slot(kind: string.escaped ? .escapedText : .text, start: string.start, end: string.end)
        case UInt8(ascii: "-"), 0x30...0x39:
            let number = try scanner.number()
            return Slot(kind: number.whole == nil ? .fraction : .number, whole: number.whole ?? 0)
        case UInt8(ascii: "{"):
            let start = scanner.position
            try scanner.skipValue(depth: depth)
            return Slot(kind: .object, start: start, end: scanner.position)
        case UInt8(ascii: "n"):
            _ = try scanner.literal()
            return Slot(kind: .null)
        default:
            try scanner.skipValue(depth: depth)
            return Slot(kind: .other)
        }
    }

    // MARK: What was found

    /// Whether the value is exactly this string, written without escapes.
    @inline(__always)
    func equals(_ slot: Slot, _ text: StaticString) -> Bool {
        guard slot.kind == .text, slot.end - slot.start == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in 0..<expected.count where scanner.bytes[slot.start + index] != expected[index] { return false }
            return true
        }
    }

    /// The event's time when it is written without escapes and right; nil says nothing yet.
    var plainTime: Int64? {
        time.kind == .text ? EventTime.microseconds(scanner.bytes, time.start, time.end) : nil
    }

    func attribute(_ slot: Slot) -> Attribute {
        switch slot.kind {
        case .absent, .null: .absent
        case .duplicate: .duplicate
        case .text, .escapedText:
            JSONText.text(scanner.bytes, ScannedString(start: slot.start, end: slot.end, escaped: slot.kind == .escapedText))
                .map { .text($0) } ?? .unpaired
        case .number, .fraction, .object, .other: .otherType
        }
    }

    func quantity(_ slot: Slot, _ field: String) throws(FieldProblem) -> QuantityField {
        switch slot.kind {
        case .absent, .null: return .absent
        case .number: return QuantityField(slot.whole)
        case .fraction: return .invalid
        case .duplicate: throw .duplicate(field)
        case .text, .escapedText, .object, .other: throw QuantityField.notANumber(field)
        }
    }

    /// A value's own bytes as text.
    func received(_ slot: Slot) -> String {
        String(decoding: scanner.bytes[slot.start..<slot.end], as: UTF8.self)
    }
}
