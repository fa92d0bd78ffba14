import Crypto

/// Makes ids that are unique and ordered by time (ULID): the ledger's index stays fast (domain.md 5.7).
enum Identifier {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// 26 characters. - Parameter microseconds: the moment, since 1970.
    static func make(at microseconds: Int64) -> String {
        var text: [UInt8] = []
        let milliseconds = UInt64(max(0, microseconds / 1000))
        for shift in stride(from: 45, through: 0, by: -5) { text.append(alphabet[Int(milliseconds >> UInt64(shift) & 31)]) }
        text += SecureRandom.bytes(16).map { alphabet[Int($0 & 31)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// So many small letters and digits that nobody has drawn before.
    static func word(_ length: Int) -> String {
        String(String(decoding: SecureRandom.bytes(length).map { alphabet[Int($0 & 31)] }, as: UTF8.self).lowercased())
    }
}
