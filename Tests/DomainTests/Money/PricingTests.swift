import Domain
import Testing

@Suite("Prices (domain.md 7.3)")
struct PricingTests {
    private static let tax = ExactDecimal(tenThousandths: 1_600)

    private func terms(_ gateway: Gateway = .stripe, tax: ExactDecimal = PricingTests.tax, most: Int64 = 1_000_000) -> PricingTerms {
        PricingTerms(taxRate: tax, gateway: gateway, customTokens: 1...most)
    }

    private func catalog(_ price: String, _ code: String = "USD") throws -> Catalog {
        Catalog(name: "organization", tokenPrice: try #require(ExactDecimal(price)), currency: try #require(Currency(code)))
    }

    @Test("the credits are sold with 0, 10, 10 and 20 % off, and the best value is the largest")
    func credits() throws {
        let packages = SeededPackages.of(Catalog.credits, in: try #require(Currency("USD")))
        let single = try #require(ExactDecimal("1.00"))
        #expect(packages.map(\.tokens) == [10, 50, 100, 500])
        #expect(packages.map(\.price.text) == ["10.00", "45.00", "90.00", "400.00"])
        #expect(packages.map { $0.discountPercent(at: single) } == [nil, 10, 10, 20])
        #expect(packages.filter(\.isBestValue).map(\.tokens) == [500])
    }

    @Test("the organizations' packages at the default price")
    func organization() throws {
        let packages = SeededPackages.of(Catalog.organization, in: try #require(Currency("USD")))
        #expect(packages.map(\.name) == ["Starter", "Business", "Enterprise", "Premium"])
        #expect(packages.map { $0.discountPercent(at: ExactDecimal(tenThousandths: 5_000)) } == [nil, 10, 20, 30])
        let quotes = try packages.map { try PurchaseQuote.of($0, terms()) }
        #expect(quotes.map(\.totals.net.text) == ["50.00", "225.00", "800.00", "1750.00"])
        #expect(quotes.map(\.totals.tax.text) == ["8.00", "36.00", "128.00", "280.00"])
        #expect(quotes.map(\.totals.total.text) == ["58.00", "261.00", "928.00", "2030.00"])
        #expect(quotes.map(\.tokens) == [100, 500, 2_000, 5_000] && quotes.allSatisfy { $0.line.quantity == 1 && $0.packageID != nil })
    }

    @Test(
        "discounts are whole percents, rounded down, and shown above 0 only",
        arguments: [
            (100, "50.00", "0.50", nil), (100, "49.51", "0.50", nil), (100, "49.50", "0.50", 1), (3, "1.00", "0.50", 33),
            (100, "60.00", "0.50", nil), (100, "0.0001", "0.50", 99), (100, "50.00", "0", nil),
        ] as [(Int64, String, String, Int64?)])
    func discounts(tokens: Int64, price: String, single: String, percent: Int64?) throws {
        let package = TokenPackage(
            id: "p", name: "p", catalog: "c", tokens: tokens, price: try #require(ExactDecimal(price)),
            currency: try #require(Currency("USD")))
        #expect(package.discountPercent(at: try #require(ExactDecimal(single))) == percent)
    }

    @Test("a custom amount is tokens x single price, rounded once")
    func custom() throws {
        let quote = try PurchaseQuote.of(tokens: 333, from: try catalog("0.0125"), terms())
        #expect(quote.totals.net.text == "4.16" && quote.totals.tax.text == "0.67" && quote.totals.total.text == "4.83")
        #expect(quote.line.quantity == 333 && quote.line.unitPrice.text == "0.0125" && quote.packageID == nil)
        #expect(try PurchaseQuote.of(tokens: 101, from: try catalog("0.5", "JPY"), terms()).totals.total.text == "59")
        let dinars = try PurchaseQuote.of(tokens: 7, from: try catalog("0.333", "KWD"), terms())
        #expect(dinars.totals.net.text == "2.330" && dinars.totals.tax.text == "0.370" && dinars.totals.total.text == "2.700")
    }

    @Test("totals equal the sum of their parts and can be charged, whatever the price")
    func property() throws {
        var random = SplitMix(seed: 73)
        for currency in Currency.all {
            for gateway in Gateway.allCases {
                for _ in 0..<30 {
                    let catalog = Catalog(
                        name: "c", tokenPrice: ExactDecimal(tenThousandths: Int64.random(in: 1...50_000, using: &random)),
                        currency: currency)
                    let tax = ExactDecimal(tenThousandths: Int64.random(in: 0...3_000, using: &random))
                    let tokens = Int64.random(in: 1...1_000_000, using: &random)
                    guard let quote = try? PurchaseQuote.of(tokens: tokens, from: catalog, terms(gateway, tax: tax)) else { continue }
                    let totals = quote.totals
                    #expect(totals.total == (try totals.net.plus(totals.tax)) && totals.net == quote.line.net)
                    #expect(try #require(gateway.terms(for: currency)).wireAmount(of: totals.total) > 0)
                }
            }
        }
    }

    @Test("what cannot be sold is refused when it is priced")
    func refusals() throws {
        func refusal(_ body: () throws -> PurchaseQuote) -> PricingRefusal? {
            do {
                _ = try body()
                return nil
            } catch {
                return error as? PricingRefusal
            }
        }
        let dollars = try catalog("0.50")
        #expect(refusal { try .of(tokens: 0, from: dollars, terms()) } == .tokensOutOfRange)
        #expect(refusal { try .of(tokens: -1, from: dollars, terms()) } == .tokensOutOfRange)
        #expect(refusal { try .of(tokens: 1_001, from: dollars, terms(most: 1_000)) } == .tokensOutOfRange)
        #expect(refusal { try .of(tokens: 1_000, from: dollars, terms(most: 1_000)) } == nil)
        #expect(refusal { try .of(tokens: 1, from: try catalog("0.01"), terms()) } == .amountTooSmall)
        #expect(refusal { try .of(tokens: 1_000_000, from: try catalog("1.00"), terms()) } == .amountTooLarge)
        #expect(refusal { try .of(tokens: 1_000_000, from: try catalog("1.00"), terms(.paystack)) } == nil)
        #expect(refusal { try .of(tokens: 100, from: try catalog("1.00", "EUR"), terms(.paystack)) } == .currencyNotSupported)
        #expect(
            refusal { try .of(tokens: Int64.max, from: try catalog("922337203685477.5807"), terms(most: Int64.max)) } == .overflow)
        let retired = TokenPackage(
            id: "p", name: "p", catalog: "c", tokens: 1, price: ExactDecimal(tenThousandths: 10_000), currency: dollars.currency,
            isActive: false)
        #expect(refusal { try .of(retired, terms()) } == .packageUnavailable)
    }
}
