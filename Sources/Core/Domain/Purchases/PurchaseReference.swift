/// The name of a purchase towards everybody: `REF-` and 26 characters of A-Z and 0-9, not guessable (`domain.md` 7.2).
public struct PurchaseReference: Hashable, Sendable {
    public let text: String

    private static let prefix = "REF-"
    private static let length = 26
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)

    /// A new one: 134 bits of what the generator gives, each character as likely as the others.
    public init(using random: inout some RandomNumberGenerator) {
        let characters = (0..<PurchaseReference.length).map { _ in
            PurchaseReference.alphabet[Int.random(in: 0..<PurchaseReference.alphabet.count, using: &random)]
        }
        text = PurchaseReference.prefix + String(decoding: characters, as: UTF8.self)
    }

    /// One that was given out before; nil when the text cannot be one.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let prefix = Array(PurchaseReference.prefix.utf8)
        guard bytes.count == prefix.count + PurchaseReference.length, bytes.starts(with: prefix),
            bytes.dropFirst(prefix.count).allSatisfy(PurchaseReference.alphabet.contains)
        else { return nil }
        self.text = text
    }
}
