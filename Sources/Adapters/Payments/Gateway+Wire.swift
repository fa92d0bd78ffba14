import Domain

/// Amounts as they travel to and from a gateway.
extension Gateway {
    /// The number to charge; nil where this gateway cannot charge it.
    func wireAmount(of money: Money) -> Int64? {
        try? terms(for: money.currency)?.wireAmount(of: money)
    }

    /// What an amount and a currency's code of an answer mean, the code in any case; nil where that is no amount of ours.
    func money(_ wire: Int64?, _ code: String?) -> Money? {
        guard let wire, let code, let currency = Currency(code.uppercased()) else { return nil }
        return terms(for: currency)?.money(fromWire: wire)
    }
}
