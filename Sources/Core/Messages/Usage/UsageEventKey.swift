/// The names that the scan of a usage event wants, told apart by their bytes as two numbers.
enum UsageEventKey: String, CaseIterable {
    case specversion, id, source, type, subject, time, traceparent, data, service, quantity, tokens, metadata
    case dataContentType = "datacontenttype"
    case dataBase64 = "data_base64"

    /// The key with these bytes; nil for any other name.
    @inline(__always)
    init?(_ bytes: [UInt8], _ start: Int, _ end: Int) {
        guard end - start <= 16 else { return nil }
        let middle = min(start + 8, end)
        guard let key = Self.key(Self.word(bytes, start, middle), Self.word(bytes, middle, end)) else { return nil }
        self = key
    }

    @inline(__always)
    private static func word(_ bytes: [UInt8], _ start: Int, _ end: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<end { word = word << 8 | UInt64(bytes[index]) }
        return word
    }

    /// The first eight bytes of each name and the rest of it, most significant byte first. A NUL could make two names one
    /// number, but no name has one unescaped, and a test holds every number against its name.
    @inline(__always)
    private static func key(_ first: UInt64, _ rest: UInt64) -> UsageEventKey? {
        switch (first, rest) {
        case (0x6964, 0): .id
        case (0x7479_7065, 0): .type
        case (0x7469_6d65, 0): .time
        case (0x6461_7461, 0): .data
        case (0x736f_7572_6365, 0): .source
        case (0x746f_6b65_6e73, 0): .tokens
        case (0x73_7562_6a65_6374, 0): .subject
        case (0x73_6572_7669_6365, 0): .service
        case (0x7175_616e_7469_7479, 0): .quantity
        case (0x6d65_7461_6461_7461, 0): .metadata
        case (0x7370_6563_7665_7273, 0x69_6f6e): .specversion
        case (0x7472_6163_6570_6172, 0x65_6e74): .traceparent
        case (0x6461_7461_636f_6e74, 0x65_6e74_7479_7065): .dataContentType
        case (0x6461_7461_5f62_6173, 0x65_3634): .dataBase64
        default: nil
        }
    }
}
