/// Tokens that are sold together at a price (P1, `domain.md` 7.3).
public struct TokenPackage: Hashable, Sendable {
    public let id: String
    public let name: String
    public let description: String
    public let features: [String]
    public let catalog: String
    /// At least 1.
    public let tokens: Int64
    /// Net.
    public let price: ExactDecimal
    public let currency: Currency
    public let isBestValue: Bool
    /// Only active ones are sold and shown.
    public let isActive: Bool
    /// Its lots' life, where it is another than `TOKEN_EXPIRATION_DAYS` (`domain.md` 12.2).
    public let expirationDays: Int64?

    public init(
        id: String, name: String, description: String = "", features: [String] = [], catalog: String, tokens: Int64, price: ExactDecimal,
        currency: Currency, isBestValue: Bool = false, isActive: Bool = true, expirationDays: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.features = features
        self.catalog = catalog
        self.tokens = tokens
        self.price = price
        self.currency = currency
        self.isBestValue = isBestValue
        self.isActive = isActive
        self.expirationDays = expirationDays
    }

    /// 1 - price / (tokens x single price) in whole percent, rounded down; nil where there is none to show.
    public func discountPercent(at tokenPrice: ExactDecimal) -> Int64? {
        let full = Int128(tokens) * Int128(tokenPrice.tenThousandths)
        let spared = full - Int128(price.tenThousandths)
        guard full > 0, spared > 0 else { return nil }
        let percent = spared * 100 / full
        return percent > 0 ? Int64(percent) : nil
    }
}
