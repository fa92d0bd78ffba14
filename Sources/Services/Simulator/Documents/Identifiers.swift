import Crypto

/// Ids in the forms that the gateways give them.
enum Identifiers {
    private static let letters = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    /// So many letters and digits that nobody can guess.
    static func random(_ count: Int) -> String {
        // 248 is the largest multiple of 62 in a byte: no letter is likelier than another.
        var text: [UInt8] = []
        while text.count < count {
            text += SecureRandom.bytes(count).filter { $0 < 248 }.map { letters[Int($0) % 62] }
        }
        return String(decoding: text.prefix(count), as: UTF8.self)
    }

    /// `pi_` and 24 letters.
    static func stripe(_ prefix: String) -> String { "\(prefix)_1\(random(23))" }

    /// `AUTH_` and 10 letters in lower case.
    static func paystack(_ prefix: String) -> String { "\(prefix)_\(random(10).lowercased())" }
}
