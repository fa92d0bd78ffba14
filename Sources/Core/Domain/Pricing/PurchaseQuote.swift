/// Why a sale got no price.
public enum PricingRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// The package is not sold any more.
    case packageUnavailable = "package_unavailable"
    /// Not within `TOKEN_PURCHASE_MIN` and `TOKEN_PURCHASE_MAX`.
    case tokensOutOfRange = "tokens_out_of_range"
    /// The gateway cannot charge it (`domain.md` 1.1).
    case currencyNotSupported = "currency_not_supported"
    /// Below what the gateway charges.
    case amountTooSmall = "amount_too_small"
    /// Above what the gateway charges.
    case amountTooLarge = "amount_too_large"
    case overflow
}

/// What holds for every sale of this moment.
public struct PricingTerms: Hashable, Sendable {
    /// Added to all net prices.
    public let taxRate: ExactDecimal
    /// The gateway that will charge.
    public let gateway: Gateway
    /// Custom amounts lie within these tokens.
    public let customTokens: ClosedRange<Int64>

    public init(taxRate: ExactDecimal, gateway: Gateway, customTokens: ClosedRange<Int64>) {
        self.taxRate = taxRate
        self.gateway = gateway
        self.customTokens = customTokens
    }
}

/// What a purchase will cost: fixed when it is initialized, whatever prices become afterwards (`domain.md` 7.3).
public struct PurchaseQuote: Hashable, Sendable {
    public let tokens: Int64
    public let line: SaleLine
    public let totals: SaleTotals
    /// Nil for a custom amount.
    public let packageID: String?
    /// The package's own, where it has one.
    public let expirationDays: Int64?

    /// A package at its price.
    /// - Throws: a refusal; another package, gateway or currency is needed.
    public static func of(_ package: TokenPackage, _ terms: PricingTerms) throws(PricingRefusal) -> PurchaseQuote {
        guard package.isActive else { throw .packageUnavailable }
        return try PurchaseQuote(
            tokens: package.tokens, packageID: package.id, expirationDays: package.expirationDays,
            // An invoice says what was sold, not only what it is called.
            description: "\(package.name), \(package.tokens) \(package.tokens == 1 ? "token" : "tokens")", quantity: 1,
            unitPrice: package.price, currency: package.currency, terms)
    }

    /// A custom amount at the catalog's price of a single token (P2).
    /// - Throws: a refusal; another amount, gateway or currency is needed.
    public static func of(tokens: Int64, from catalog: Catalog, _ terms: PricingTerms) throws(PricingRefusal) -> PurchaseQuote {
        guard tokens > 0, terms.customTokens.contains(tokens) else { throw .tokensOutOfRange }
        return try PurchaseQuote(
            tokens: tokens, packageID: nil, expirationDays: nil, description: "Tokens", quantity: tokens,
            unitPrice: catalog.tokenPrice, currency: catalog.currency, terms)
    }

    private init(
        tokens: Int64, packageID: String?, expirationDays: Int64?, description: String, quantity: Int64, unitPrice: ExactDecimal,
        currency: Currency, _ terms: PricingTerms
    ) throws(PricingRefusal) {
        guard let charging = terms.gateway.terms(for: currency) else { throw .currencyNotSupported }
        self.tokens = tokens
        self.packageID = packageID
        self.expirationDays = expirationDays
        do {
            line = try SaleLine(description, quantity: quantity, unitPrice: unitPrice, currency: currency, taxRate: terms.taxRate)
            totals = try SaleTotals([line], currency)
        } catch {
            throw .overflow
        }
        do throws(GatewayCurrency.Refusal) {
            _ = try charging.wireAmount(of: totals.total)
        } catch .tooSmall {
            throw .amountTooSmall
        } catch {
            // Totals are multiples of the currency's step, so what is left is a charge that is too large.
            throw .amountTooLarge
        }
    }
}
