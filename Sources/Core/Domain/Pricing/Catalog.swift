/// A list of packages with a price of its single token, at which custom amounts are sold (`domain.md` 7.3).
public struct Catalog: Hashable, Sendable {
    public let name: String
    /// Net.
    public let tokenPrice: ExactDecimal
    public let currency: Currency

    public init(name: String, tokenPrice: ExactDecimal, currency: Currency) {
        self.name = name
        self.tokenPrice = tokenPrice
        self.currency = currency
    }

    /// The catalog for organizations, whose single token costs `DEFAULT_TOKEN_PRICE`.
    public static let organization = "organization"
    /// The catalog for single persons.
    public static let credits = "credits"
}
