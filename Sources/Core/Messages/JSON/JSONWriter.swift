/// Writes JSON into one buffer. The caller opens and closes; commas are put by the writer.
public struct JSONWriter: Sendable {
    /// What is written so far.
    public private(set) var bytes: [UInt8] = []
    /// Whether the next value follows another one and needs a comma.
    private var follows = false

    /// An empty writer with room for a usual message.
    public init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// What is written so far, as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private mutating func separate() {
        if follows { bytes.append(UInt8(ascii: ",")) }
        follows = true
    }

    /// Opens an object.
    public mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
        follows = false
    }

    /// Closes the innermost object.
    public mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
        follows = true
    }

    /// Opens an array.
    public mutating func beginArray() {
        separate()
        bytes.append(UInt8(ascii: "["))
        follows = false
    }

    /// Closes the innermost array.
    public mutating func endArray() {
        bytes.append(UInt8(ascii: "]"))
        follows = true
    }

    /// The name of the next member.
    public mutating func name(_ name: String) {
        separate()
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        follows = false
    }

    /// A string.
    public mutating func value(_ text: String) {
        separate()
        quoted(text)
    }

    /// A whole number.
    public mutating func value(_ number: Int64) {
        separate()
        var magnitude = number.magnitude
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        repeat {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: magnitude % 10))
            magnitude /= 10
        } while magnitude > 0
        bytes[start...].reverse()
    }

    /// A boolean.
    public mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// `null`.
    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// An amount of money, which in JSON is a string in major units, such as `"116.00"` (domain.md 1.1).
    ///
    /// `fractionDigits` is the currency's, 0 to 18.
    public mutating func money(minorUnits: Int64, fractionDigits: Int) {
        precondition((0...18).contains(fractionDigits), "a currency has 0 to 18 fraction digits")
        var digits = String(minorUnits.magnitude)
        if digits.utf8.count <= fractionDigits { digits = String(repeating: "0", count: fractionDigits + 1 - digits.utf8.count) + digits }
        let sign = minorUnits < 0 ? "-" : ""
        if fractionDigits == 0 { return value(sign + digits) }
        value("\(sign)\(digits.dropLast(fractionDigits)).\(digits.suffix(fractionDigits))")
    }

    /// A value that is JSON already: stored text, an answer of a batch, metadata as received.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                bytes.append(byte)
            } else {
                escape(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }
}

extension JSONWriter {
    /// A member with a string.
    public mutating func member(_ name: String, _ text: String) {
        self.name(name)
        value(text)
    }

    /// A member with a whole number.
    public mutating func member(_ name: String, _ number: Int64) {
        self.name(name)
        value(number)
    }

    /// A member with a boolean.
    public mutating func member(_ name: String, _ flag: Bool) {
        self.name(name)
        value(flag)
    }

    /// A member with a string, left out when there is none.
    public mutating func member(_ name: String, ifPresent text: String?) {
        if let text { member(name, text) }
    }

    /// A member with a whole number, left out when there is none.
    public mutating func member(_ name: String, ifPresent number: Int64?) {
        if let number { member(name, number) }
    }

    /// A member with a boolean, left out when there is none.
    public mutating func member(_ name: String, ifPresent flag: Bool?) {
        if let flag { member(name, flag) }
    }

    /// A member with a list of strings, left out when there is none.
    public mutating func member(_ name: String, ifPresent texts: [String]?) {
        guard let texts else { return }
        self.name(name)
        beginArray()
        for text in texts { value(text) }
        endArray()
    }

    /// A member whose value is JSON already, left out when there is none.
    public mutating func member(_ name: String, rawIfPresent json: String?) {
        guard let json else { return }
        self.name(name)
        raw(json.utf8)
    }

    /// A member with a time as RFC 3339, left out when there is none.
    ///
    /// `time` is in microseconds since 1970.
    public mutating func member(_ name: String, timeIfPresent time: Int64?) {
        if let time { member(name, EventTime.text(microseconds: time)) }
    }
}
