/// The bounds of fields in requests; the JSON Schemas say the same, and a test holds the two against each other.
public enum RequestRule {
    /// The most tokens that one request may name: thousands of such requests still fit a 64-bit balance.
    public static let tokenLimit: Int64 = 1_000_000_000_000_000
    /// The longest time-out of a hold, in seconds (domain.md 6.1).
    public static let holdTimeoutLimit: Int64 = 604_800

    static let tokens: ClosedRange<Int64> = 1...tokenLimit
    static let tokensOrNone: ClosedRange<Int64> = 0...tokenLimit
    static let signedTokens: ClosedRange<Int64> = -tokenLimit...tokenLimit
    static let priority: ClosedRange<Int64> = 0...100
    static let trialUses: ClosedRange<Int64> = 0...1_000_000_000
    static let holdTimeout: ClosedRange<Int64> = 1...holdTimeoutLimit

    static let actor = 1...255
    static let reason = 1...1000
    static let name = 0...255
    static let address = 0...1000
    static let taxID = 0...64
    static let email = 0...254
    static let holdID = 1...128
    static let idempotencyKey = 1...255
    static let serviceCount = 0...100
}
