/// Makes inputs for the reader of usage events: events that are right in unusual ways, events that are slightly wrong,
/// such events with their bytes damaged, JSON without sense, and noise.
struct UsageEventGenerator {
    var random: SeededGenerator

    mutating func next() -> [UInt8] {
        switch random.below(100) {
        case 0..<35: event()
        case 35..<85: damaged(event())
        case 85..<95: tokens()
        default: noise()
        }
    }

    /// A value for a field of a request.
    mutating func field() -> String {
        switch random.below(4) {
        case 0: value(depth: 2)
        case 1: pick(Self.numbers)
        case 2: text(pick(Self.times + ["unlimited", "paid", "a@b", "x", ""]))
        default: pick(["1", "true", "\"s\"", "[\"a\"]", "60"])
        }
    }

    // MARK: Events

    private mutating func event() -> [UInt8] {
        var members: [(String, String)] = []
        add(&members, "specversion", "\"1.0\"")
        add(&members, "id", text(pick(["01JD3Q8ZK4T9Y2M5N6P7R8S9TA", "a", "é-1", "42", String(repeating: "x", count: 128)])))
        add(&members, "source", text(pick(["/crm", "https://a.example/b?c=d", "/ünïcode", "s"])))
        add(&members, "type", text("usage.recorded"))
        add(&members, "subject", text(pick(["org-42", "o", "a b", "org~!"])))
        add(&members, "time", text(pick(Self.times)))
        if random.chance(2) { add(&members, "datacontenttype", "\"application/json\"") }
        if random.chance(20) { members.append(("data_base64", random.chance(2) ? "null" : "\"e30=\"")) }
        if random.chance(4) { members.append(("traceparent", pick(Self.traceparents))) }
        add(&members, "data", data())
        while random.chance(3) { members.append((unknownName(), value(depth: 0))) }
        return Array(object(members).utf8)
    }

    private mutating func data() -> String {
        if random.chance(50) { return value(depth: 0) }
        var members: [(String, String)] = []
        add(&members, "service", text(pick(["ai.chat", "llm.chat", "ü", "s"])))
        if random.chance(2) { add(&members, "quantity", pick(Self.numbers)) }
        if random.chance(3) { add(&members, "tokens", pick(Self.numbers)) }
        if random.chance(3) { add(&members, "metadata", random.chance(8) ? value(depth: 1) : object([("k", value(depth: 1))])) }
        while random.chance(4) { members.append((unknownName(), value(depth: 1))) }
        return object(members)
    }

    /// Nearly always the member; now and then none, one of another type, or two.
    private mutating func add(_ members: inout [(String, String)], _ name: String, _ json: String) {
        switch random.below(160) {
        case 0: return
        case 1: members.append((name, value(depth: 1)))
        case 2: members += [(name, json), (name, random.chance(2) ? json : value(depth: 1))]
        case 3: members.append((name, "null"))
        case 4: members.append((name, text(pick(["", "\0", "\u{1}", String(repeating: "y", count: 300), "é"]))))
        default: members.append((name, json))
        }
    }

    private mutating func object(_ members: [(String, String)]) -> String {
        let shuffled = random.chance(2) ? members.shuffled(using: &random) : members
        return "{" + space()
            + shuffled.map { name, json in text(name) + space() + ":" + space() + json + space() }.joined(separator: "," + space()) + "}"
    }

    private mutating func space() -> String { random.chance(6) ? pick([" ", "\n", "\t", "\r\n", "  "]) : "" }

    private mutating func unknownName() -> String { pick(["extra", "x", "dataschema", "ID", "Data", "service ", "quantityx", "", "é"]) }

    /// A JSON string for the text, some of its characters escaped.
    private mutating func text(_ text: String) -> String {
        let escapes = random.chance(8)
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case _ where scalar.value < 0x20 || (escapes && random.chance(4)):
                for unit in String(scalar).utf16 {
                    let hexadecimal = String(unit, radix: 16, uppercase: random.chance(2))
                    json += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
                }
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }

    private mutating func value(depth: Int) -> String {
        switch random.below(depth > 4 ? 7 : 10) {
        case 0: "null"
        case 1: pick(["true", "false"])
        case 2, 3: pick(Self.numbers)
        case 4: text(pick(["", "text", "é😀", "\u{7F}", "a\nb"]))
        case 5: pick(Self.rawStrings)
        case 6: pick(["[]", "{}", "[ ]"])
        case 7: "[" + value(depth: depth + 1) + "," + value(depth: depth + 1) + "]"
        case 8: "{\"a\":" + value(depth: depth + 1) + "}"
        default: pick([String(repeating: "[", count: 61) + String(repeating: "]", count: 61), "[[[[1]]]]"])
        }
    }

    // MARK: Damage and noise

    private mutating func damaged(_ event: [UInt8]) -> [UInt8] {
        var bytes = event
        for _ in 0...random.below(3) where !bytes.isEmpty {
            let index = random.below(bytes.count)
            switch random.below(7) {
            case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes[index] = random.pick(Self.structural)
            case 2: bytes.insert(random.pick(Self.structural), at: index)
            case 3: bytes.remove(at: index)
            case 4: bytes.removeSubrange(index..<min(bytes.count, index + 1 + random.below(8)))
            case 5: bytes.insert(contentsOf: Array(bytes[index..<min(bytes.count, index + 1 + random.below(12))]), at: index)
            default: if random.chance(4) { bytes.removeLast(bytes.count - index) } else { bytes[index] ^= 0x20 }
            }
        }
        return bytes
    }

    private mutating func tokens() -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0...random.below(30) { bytes += random.pick(Self.words).utf8 }
        return bytes
    }

    private mutating func noise() -> [UInt8] {
        var bytes = (0..<random.below(64)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        if random.chance(2) { bytes.insert(UInt8(ascii: "{"), at: 0) }
        return bytes
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { random.pick(elements) }

    // MARK: Words

    private static let structural = Array("{}[]\",:\\ue+-.0123456789tfn \n\0\u{1}".utf8)
    private static let words = [
        "{", "}", "[", "]", ",", ":", "\"id\"", "\"data\"", "\"service\"", "\"a\"", "1", "-1", "1e3", "0.5", "true", "null", "\"\\u00e9\"",
        " ",
        "\"specversion\":\"1.0\"", "\"", "\\", "\u{FEFF}",
    ]
    static let numbers = [
        "1", "2", "100", "0", "-1", "-0", "1.0", "1e3", "1E+2", "1.50e1", "0.5", "1e-3", "10e-1", "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808", "9007199254740993", "9007199254740993.0", "1e18", "1e19", "1e30", "123456789012345678",
        "1234567890123456789",
        "1.00000000000000000001", "9.3e18", "1e400", "-1e400", "1e-400", "01", "1.", ".5", "+1", "1e", "--1", "0x10", "NaN", "Infinity",
        "00",
    ]
    private static let rawStrings = [
        #""\ud83d\ude00""#, #""\ud800""#, #""\udc00x""#, #""\u0000""#, #""\/\b\f""#, #""\x""#, #""\u12""#, #""\ud83dx""#, "\"\u{1}\"",
    ]
    static let times = [
        "2026-11-20T10:00:00.000123Z", "2026-11-20T10:00:00Z", "2026-11-20t10:00:00z", "2026-11-20T12:00:00+02:00",
        "2024-02-29T23:59:59-23:59",
        "2016-12-31T23:59:60Z", "2023-02-29T00:00:00Z", "2026-11-20", "0000-01-01T00:00:00Z", "2026-11-20 10:00:00.9999999999Z", "now", "",
        "2026-11-20T24:00:00Z", "2026-11-20T10:00:00", "9999-12-31T23:59:59.999999Z",
    ]
    private static let traceparents = [
        "\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"", "\"00-0-0-0\"", "7", "\"\\u0030\\u0030-4bf92f\"",
    ]
}
