/// The texts of RFC 4648 in which a character stands for a few bits.
public struct TextCoding: Sendable {
    private let alphabet: [UInt8]
    /// The bits by character; 255 where a character has no meaning.
    private let values: [UInt8]
    private let bits: Int
    /// The length to which `=` fills the text up; 1 for none.
    private let group: Int

    /// Base64 with `+`, `/` and padding (section 4).
    public static let base64 = TextCoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6, group: 4)
    /// Base64 for URLs with `-` and `_`, without padding (section 5).
    public static let base64URL = TextCoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bits: 6, group: 1)
    /// Base32 with padding (section 6).
    public static let base32 = TextCoding("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5, group: 8)

    private init(_ alphabet: StaticString, bits: Int, group: Int) {
        self.alphabet = alphabet.withUTF8Buffer { [UInt8]($0) }
        self.bits = bits
        self.group = group
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in self.alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
    }

    /// The text of these bytes.
    public func encode(_ bytes: some Collection<UInt8>) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count * 8 + bits - 1) / bits + group)
        var pending = 0
        var held = 0
        for byte in bytes {
            pending = pending << 8 | Int(byte)
            held += 8
            while held >= bits {
                held -= bits
                output.append(alphabet[pending >> held])
                pending &= 1 << held - 1
            }
        }
        if held > 0 { output.append(alphabet[pending << (bits - held)]) }
        while !output.count.isMultiple(of: group) { output.append(UInt8(ascii: "=")) }
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes of this text; nil for foreign characters, wrong padding, or bits that no encoder leaves behind: each value has one text.
    public func decode(_ text: some StringProtocol) -> [UInt8]? {
        var output: [UInt8] = []
        var pending = 0
        var held = 0
        for character in text.utf8 {
            let value = values[Int(character)]
            if value == 255 {
                guard character == UInt8(ascii: "=") && group > 1 else { return nil }
                break
            }
            pending = pending << bits | Int(value)
            held += bits
            if held >= 8 {
                held -= 8
                output.append(UInt8(pending >> held))
                pending &= 1 << held - 1
            }
        }
        // One comparison settles padding, trailing characters and stray bits.
        return encode(output).utf8.elementsEqual(text.utf8) ? output : nil
    }
}
