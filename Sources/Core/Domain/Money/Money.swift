/// An amount of money: a whole number of minor units of a currency (`domain.md` 1.1).
public struct Money: Hashable, Sendable {
    public let minorUnits: Int64
    public let currency: Currency

    public init(minorUnits: Int64, _ currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    public static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency) }

    /// Reads `116.00`, or `116.0000` as a table prints it; nil when it is no amount of this currency, or `NUMERIC(19,4)` cannot hold it.
    public init?(_ text: String, _ currency: Currency) {
        guard let units = DecimalText.parse(text, decimals: currency.decimals) else { return nil }
        self.init(minorUnits: units, currency)
        guard isStorable else { return nil }
    }

    /// With as many decimals as the currency has: `116.00`, `116`, `1.160`.
    public var text: String { DecimalText.text(minorUnits, decimals: currency.decimals) }

    /// Fifteen digits before the point are what `NUMERIC(19,4)` holds.
    var isStorable: Bool { minorUnits.magnitude < UInt64(1_000_000_000_000_000) * PowerOfTen.of(currency.decimals).magnitude }

    /// The sum; both must be of one currency.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public func plus(_ other: Money) throws(AmountError) -> Money {
        precondition(currency == other.currency, "amounts of two currencies have no sum")
        let sum = Money(minorUnits: try minorUnits.plus(other.minorUnits), currency)
        guard sum.isStorable else { throw .overflow }
        return sum
    }

    /// The difference; both must be of one currency.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public func minus(_ other: Money) throws(AmountError) -> Money {
        precondition(currency == other.currency, "amounts of two currencies have no difference")
        let difference = Money(minorUnits: try minorUnits.minus(other.minorUnits), currency)
        guard difference.isStorable else { throw .overflow }
        return difference
    }

    /// `numerator / denominator` minor units, rounded half away from zero to the currency's step (`domain.md` 1.2).
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public static func rounded(_ numerator: Int128, over denominator: Int128, _ currency: Currency) throws(AmountError) -> Money {
        let steps = try roundedQuotient(numerator, over: denominator * Int128(currency.step))
        let money = Money(minorUnits: try steps.times(currency.step), currency)
        guard money.isStorable else { throw .overflow }
        return money
    }

    /// So many pieces at a price each, rounded once (`domain.md` 1.2: never a unit price).
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public static func product(_ count: Int64, of price: ExactDecimal, _ currency: Currency) throws(AmountError) -> Money {
        let major = Int128(count) * Int128(price.tenThousandths)
        let (minor, overflow) = major.multipliedReportingOverflow(by: Int128(PowerOfTen.of(currency.decimals)))
        guard !overflow else { throw .overflow }
        return try rounded(minor, over: 10_000, currency)
    }

    /// What a rate of tax adds to this sum of lines (`domain.md` 1.2).
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public func tax(at rate: ExactDecimal) throws(AmountError) -> Money {
        try Money.rounded(Int128(minorUnits) * Int128(rate.tenThousandths), over: 10_000, currency)
    }

    /// F(n) of `domain.md` 1.4: what `count` of `granted` tokens are worth of this amount; all of them are worth all of it.
    func worth(of count: Int64, outOf granted: Int64) throws(AmountError) -> Money {
        if count == granted { return self }
        return try Money.rounded(Int128(minorUnits) * Int128(count), over: Int128(granted), currency)
    }

    /// What `count` tokens of a lot are worth after `taken` were taken before: F(taken + count) - F(taken) (`domain.md` 1.4).
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public func share(granted: Int64, taken: Int64, count: Int64) throws(AmountError) -> Money {
        try worth(of: try taken.plus(count), outOf: granted).minus(worth(of: taken, outOf: granted))
    }
}

/// Powers of ten, as far as decimals of currencies go.
enum PowerOfTen {
    static func of(_ exponent: Int) -> Int64 {
        var power: Int64 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}
