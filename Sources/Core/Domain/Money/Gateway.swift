/// Who moves the money.
public enum Gateway: String, Hashable, Sendable, CaseIterable {
    case stripe
    case paystack

    /// How this gateway takes amounts of a currency; nil when it cannot charge it.
    public func terms(for currency: Currency) -> GatewayCurrency? {
        switch self {
        case .stripe: StripeCurrencies.byCode[currency.code]
        case .paystack: PaystackCurrencies.byCode[currency.code]
        }
    }
}
