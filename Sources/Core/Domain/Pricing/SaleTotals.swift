/// The tax of all lines of one rate (`domain.md` 1.2).
public struct TaxLine: Hashable, Sendable {
    public let rate: ExactDecimal
    /// The sum of the lines.
    public let base: Money
    /// Computed on that sum, not line by line.
    public let tax: Money

    public init(rate: ExactDecimal, base: Money, tax: Money) {
        self.rate = rate
        self.base = base
        self.tax = tax
    }
}

/// What lines come to.
public struct SaleTotals: Hashable, Sendable {
    public let net: Money
    /// Lowest rate first.
    public let taxes: [TaxLine]
    public let tax: Money
    public let total: Money

    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public init(_ lines: [SaleLine], _ currency: Currency) throws(AmountError) {
        var net = Money.zero(currency)
        var tax = Money.zero(currency)
        var taxes: [TaxLine] = []
        for rate in Set(lines.map(\.taxRate)).sorted() {
            var base = Money.zero(currency)
            for line in lines where line.taxRate == rate { base = try base.plus(line.net) }
            let line = TaxLine(rate: rate, base: base, tax: try base.tax(at: rate))
            net = try net.plus(base)
            tax = try tax.plus(line.tax)
            taxes.append(line)
        }
        self.net = net
        self.taxes = taxes
        self.tax = tax
        total = try net.plus(tax)
    }
}
