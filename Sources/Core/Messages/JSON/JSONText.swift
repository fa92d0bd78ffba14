/// Strings of JSON: from escaped bytes to text.
enum JSONText {
    /// The text of a scanned string; nil when it holds a surrogate without its partner, for which Unicode has no text.
    static func text(_ bytes: [UInt8], _ string: ScannedString) -> String? {
        if !string.escaped { return String(decoding: bytes[string.start..<string.end], as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(string.end - string.start)
        var index = string.start
        while index < string.end {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                index += 1
                continue
            }
            let escape = bytes[index + 1]
            guard escape == UInt8(ascii: "u") else {
                plain.append(single(escape))
                index += 2
                continue
            }
            guard let (scalar, next) = scalar(bytes, index, string.end) else { return nil }
            plain.append(contentsOf: UTF8.encode(scalar)!)
            index = next
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func single(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    /// The scalar of the escape at `backslash`, two escapes for one beyond U+FFFF, and the index after it.
    private static func scalar(_ bytes: [UInt8], _ backslash: Int, _ end: Int) -> (Unicode.Scalar, Int)? {
        guard let first = unit(bytes, backslash + 2, end) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, backslash + 6) }
        guard UTF16.isLeadSurrogate(first), backslash + 7 < end, bytes[backslash + 6] == UInt8(ascii: "\\"),
            bytes[backslash + 7] == UInt8(ascii: "u"), let second = unit(bytes, backslash + 8, end), UTF16.isTrailSurrogate(second)
        else { return nil }
        let value = 0x1_0000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        return Unicode.Scalar(value).map { ($0, backslash + 12) }
    }

    /// The UTF-16 unit written as four hexadecimal digits at `index`; nil when there are none.
    static func unit(_ bytes: [UInt8], _ index: Int, _ end: Int) -> UInt16? {
        guard index + 4 <= end else { return nil }
        var value: UInt16 = 0
        for position in index..<(index + 4) {
            guard let digit = hexadecimal(bytes[position]) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
