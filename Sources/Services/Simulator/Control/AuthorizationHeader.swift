import Crypto

/// The key in an `Authorization` header.
enum AuthorizationHeader {
    /// `Bearer KEY`, or `Basic` with the key as the name; nil for anything else.
    static func key(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return String(parts[1])
        case "basic":
            guard let bytes = TextCoding.base64.decode(parts[1]) else { return nil }
            return String(decoding: bytes.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        default: return nil
        }
    }
}
