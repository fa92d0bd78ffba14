/// One line of a sale, as it is priced and later invoiced (`domain.md` 14.2).
public struct SaleLine: Hashable, Sendable {
    public let description: String
    /// Packages, periods, or single tokens; at least 1.
    public let quantity: Int64
    /// For display; only line totals are rounded and summed.
    public let unitPrice: ExactDecimal
    /// Quantity x price, rounded once.
    public let net: Money
    public let taxRate: ExactDecimal

    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public init(
        _ description: String, quantity: Int64, unitPrice: ExactDecimal, currency: Currency, taxRate: ExactDecimal
    ) throws(AmountError) {
        self.init(
            description, quantity: quantity, unitPrice: unitPrice, net: try Money.product(quantity, of: unitPrice, currency),
            taxRate: taxRate)
    }

    /// A line as it was stored.
    public init(_ description: String, quantity: Int64, unitPrice: ExactDecimal, net: Money, taxRate: ExactDecimal) {
        self.description = description
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.net = net
        self.taxRate = taxRate
    }
}
