import Domain
import Testing

@Suite("Money is exact (domain.md 1.1, 1.2)")
struct MoneyTests {
    private func currency(_ code: String) throws -> Currency { try #require(Currency(code)) }

    @Test(
        "texts are read and printed exactly, with as many decimals as the currency has",
        arguments: [
            ("USD", "116.00", 11_600, "116.00"), ("USD", "116.0000", 11_600, "116.00"), ("USD", "0.5", 50, "0.50"),
            ("USD", "-0.01", -1, "-0.01"), ("USD", "0", 0, "0.00"), ("JPY", "116", 116, "116"), ("JPY", "116.0000", 116, "116"),
            ("KWD", "1.160", 1_160, "1.160"), ("KWD", "0.0050", 5, "0.005"), ("MGA", "200.00", 20_000, "200.00"),
            ("USD", "999999999999999.99", 99_999_999_999_999_999, "999999999999999.99"),
            ("KWD", "999999999999999.999", 999_999_999_999_999_999, "999999999999999.999"),
        ])
    func texts(code: String, text: String, units: Int64, printed: String) throws {
        let money = try #require(Money(text, try currency(code)))
        #expect(money.minorUnits == units && money.text == printed)
    }

    @Test(
        "what is no amount of the currency is refused",
        arguments: [
            ("USD", ""), ("USD", "."), ("USD", "1."), ("USD", ".5"), ("USD", "1.005"), ("USD", "1e3"), ("USD", "+1"), ("USD", " 1"),
            ("USD", "1,00"), ("USD", "1.2.3"), ("USD", "--1"), ("USD", "-"), ("USD", "NaN"), ("JPY", "1.5"), ("KWD", "0.0001"),
            ("USD", "1000000000000000"), ("USD", "99999999999999999999"), ("USD", "1.0x"), ("USD", "١"),
        ])
    func refused(code: String, text: String) throws {
        #expect(Money(text, try currency(code)) == nil)
    }

    @Test(
        "prices are printed with the decimals they need, and at least those of the currency",
        arguments: [
            (10_000, 0, "1"), (10_000, 2, "1.00"), (10_000, 3, "1.000"), (10_000, 4, "1.0000"), (5_000, 0, "0.5"), (125, 2, "0.0125"),
            (1_000_000, 0, "100"), (0, 0, "0"), (0, 3, "0.000"), (-12_500, 0, "-1.25"), (Int64.max, 0, "922337203685477.5807"),
        ])
    func prices(tenThousandths: Int64, decimals: Int, printed: String) {
        #expect(ExactDecimal(tenThousandths: tenThousandths).text(decimals: decimals) == printed)
    }

    @Test(
        "rates are printed as percent without zeros at the end",
        arguments: [
            (1_600, "16"), (775, "7.75"), (550, "5.5"), (0, "0"), (1, "0.01"), (10_000, "100"), (20_000, "200"), (1_000, "10"),
            (Int64.max, "92233720368547758.07"),
        ])
    func percent(tenThousandths: Int64, printed: String) {
        #expect(ExactDecimal(tenThousandths: tenThousandths).percentText == printed)
    }

    @Test("any amount survives its own text")
    func roundTrip() throws {
        var random = SplitMix(seed: 3)
        for currency in Currency.all {
            for _ in 0..<200 {
                let money = Money(minorUnits: Int64.random(in: -99_999_999_999_999...99_999_999_999_999, using: &random), currency)
                #expect(Money(money.text, currency) == money)
            }
        }
    }

    @Test(
        "exact decimals: four of them, at least two shown",
        arguments: [
            ("0.50", 5_000, "0.50"), ("0.16", 1_600, "0.16"), ("1", 10_000, "1.00"), ("0.0125", 125, "0.0125"), ("0.1250", 1_250, "0.125"),
        ])
    func decimals(text: String, value: Int64, printed: String) throws {
        let decimal = try #require(ExactDecimal(text))
        #expect(decimal.tenThousandths == value && decimal.text == printed)
        #expect(ExactDecimal("0.00001") == nil && ExactDecimal("x") == nil)
    }

    @Test("currencies: decimals by ISO 4217, steps by what can be charged")
    func shapes() throws {
        let expected: [(String, Int, Int64)] = [
            ("USD", 2, 1), ("JPY", 0, 1), ("KWD", 3, 10), ("ISK", 0, 1), ("MGA", 2, 100), ("NGN", 2, 1),
        ]
        for (code, decimals, step) in expected {
            let found = try currency(code)
            #expect(found.decimals == decimals && found.step == step, "\(code)")
        }
        #expect(Currency("usd") == nil && Currency("ABC") == nil && Currency("") == nil)
        #expect(Set(Currency.all.map(\.code)).count == Currency.all.count && Currency.all.count == 54)
    }

    @Test("rounding: half away from zero, to the currency's step")
    func rounding() throws {
        let cases: [(String, Int128, Int128, Int64)] = [
            ("USD", 5, 10, 1), ("USD", -5, 10, -1), ("USD", 4, 10, 0), ("USD", 15, 10, 2), ("JPY", 1, 2, 1),
            ("KWD", 5, 1, 10), ("KWD", 4, 1, 0), ("KWD", -5, 1, -10), ("KWD", 14, 1, 10), ("KWD", 15, 1, 20), ("MGA", 149, 1, 100),
        ]
        for (code, numerator, denominator, units) in cases {
            #expect(try Money.rounded(numerator, over: denominator, try currency(code)).minorUnits == units, "\(code) \(numerator)")
        }
        #expect(throws: AmountError.overflow) { try Money.rounded(Int128.max, over: 1, try currency("USD")) }
        #expect(throws: AmountError.overflow) { try Money.rounded(100_000_000_000_000_000, over: 1, try currency("USD")) }
    }

    @Test("the rounding function against the definition, over random fractions")
    func roundingProperty() throws {
        var random = SplitMix(seed: 12)
        for _ in 0..<20_000 {
            let numerator = Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &random)
            let denominator = Int64.random(in: 1...100_000, using: &random)
            let result = try roundedQuotient(Int128(numerator), over: Int128(denominator))
            // |result - n/d| <= 1/2, and exactly a half only away from zero.
            let distance = 2 * (Int128(result) * Int128(denominator) - Int128(numerator))
            #expect(distance.magnitude <= UInt128(denominator))
            if distance.magnitude == UInt128(denominator) { #expect(result.magnitude > numerator.magnitude / UInt64(denominator)) }
        }
        #expect(try roundedQuotient(Int128(Int64.min), over: 1) == Int64.min)
        #expect(throws: AmountError.overflow) { try roundedQuotient(Int128.min, over: 1) }
    }

    @Test("shares add up to the whole and are multiples of the step, in every currency, whatever the parts (domain.md 1.4)")
    func shares() throws {
        var random = SplitMix(seed: 14)
        for currency in Currency.all {
            for _ in 0..<40 {
                let granted = Int64.random(in: 1...5_000, using: &random)
                let amount = Money(minorUnits: Int64.random(in: 0...500_000, using: &random) * currency.step, currency)
                var taken: Int64 = 0
                var sum = Money.zero(currency)
                while taken < granted {
                    let part = Int64.random(in: 1...(granted - taken), using: &random)
                    let share = try amount.share(granted: granted, taken: taken, count: part)
                    #expect(share.minorUnits >= 0 && share.minorUnits % currency.step == 0)
                    sum = try sum.plus(share)
                    taken += part
                }
                #expect(sum == amount)
            }
        }
    }

    @Test("tax is computed on the sum of the lines of a rate, and totals are the sum of their parts")
    func tax() throws {
        let dollar = try currency("USD")
        let reduced = ExactDecimal(tenThousandths: 700)
        let full = ExactDecimal(tenThousandths: 1_600)
        let lines = try [(1, "0.03"), (1, "0.03"), (3, "0.0149")].map { count, price in
            let unitPrice = try #require(ExactDecimal(price))
            return try SaleLine("x", quantity: Int64(count), unitPrice: unitPrice, currency: dollar, taxRate: full)
        }
        #expect(lines.map(\.net.text) == ["0.03", "0.03", "0.04"])
        let totals = try SaleTotals(lines, dollar)
        // Line by line it would be 0.00 + 0.00 + 0.01.
        #expect(totals.tax.text == "0.02" && totals.total.text == "0.12")
        let mixed = try SaleTotals(
            lines + [SaleLine("y", quantity: 1, unitPrice: ExactDecimal(tenThousandths: 10_000), currency: dollar, taxRate: reduced)],
            dollar)
        #expect(mixed.taxes.map(\.rate) == [reduced, full] && mixed.taxes.map(\.tax.text) == ["0.07", "0.02"])
        #expect(mixed.net.text == "1.10" && mixed.total.text == "1.19")
    }
}
