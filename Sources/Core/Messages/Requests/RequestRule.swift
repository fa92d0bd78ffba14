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

    // Purchases.
    static let rowID: ClosedRange<Int64> = 1...Int64.max
    static let expirationDays: ClosedRange<Int64> = 1...36_500
    static let storedID = 1...128
    static let catalog = 1...64
    static let webAddress = 1...2000
    static let gatewayReference = 1...255
    static let methodEmail = 1...254
    static let packageName = 1...255
    static let description = 0...2000
    static let featureCount = 0...50
    static let feature = 1...255
    /// 15 digits, the point, four decimals: what `NUMERIC(19,4)` holds.
    static let price = 1...20
    static let priceDigits = 15

    // What a gateway posts.
    static let headerLimit = 100
    static let headerName = 1...255
    static let headerValue = 0...8192
    static let bodyLimit = 1_048_576
    /// Four digits for every three bytes.
    static let base64Body = 4...(bodyLimit + 2) / 3 * 4
}
