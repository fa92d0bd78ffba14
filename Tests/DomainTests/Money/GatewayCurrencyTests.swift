import Domain
import Testing

@Suite("What gateways charge (domain.md 1.1, payment-facts.md 1.13, 2.1)")
struct GatewayCurrencyTests {
    private func terms(_ gateway: Gateway, _ code: String) throws -> GatewayCurrency {
        let currency = try #require(Currency(code))
        return try #require(gateway.terms(for: currency))
    }

    @Test(
        "amounts on the wire, there and back",
        arguments: [
            (Gateway.stripe, "USD", "116.00", 11_600), (.stripe, "JPY", "500", 500), (.stripe, "KWD", "0.010", 10),
            (.stripe, "KWD", "1.230", 1_230), (.stripe, "ISK", "500", 50_000), (.stripe, "UGX", "3", 300), (.stripe, "MGA", "500.00", 500),
            (.stripe, "HUF", "175.00", 17_500), (.stripe, "IDR", "9999999999.99", 999_999_999_999), (.paystack, "NGN", "50.00", 5_000),
            (.paystack, "XOF", "700", 70_000), (.paystack, "GHS", "0.10", 10), (.paystack, "USD", "116.00", 11_600),
        ])
    func wire(gateway: Gateway, code: String, text: String, wire: Int64) throws {
        let terms = try terms(gateway, code)
        let money = try #require(Money(text, terms.currency))
        #expect(try terms.wireAmount(of: money) == wire)
        #expect(terms.money(fromWire: wire) == money)
    }

    @Test(
        "bounds and steps",
        arguments: [
            (Gateway.stripe, "USD", "0.49", GatewayCurrency.Refusal.tooSmall), (.stripe, "GBP", "0.29", .tooSmall),
            (.stripe, "JPY", "49", .tooSmall), (.stripe, "HUF", "174.99", .tooSmall), (.stripe, "USD", "1000000.00", .tooLarge),
            (.stripe, "ISK", "1000000", .tooLarge), (.stripe, "KWD", "1.005", .offStep), (.stripe, "MGA", "100.50", .offStep),
            (.stripe, "KWD", "0.000", .tooSmall), (.paystack, "NGN", "49.99", .tooSmall), (.paystack, "ZAR", "0.99", .tooSmall),
            (.stripe, "USD", "-5.00", .tooSmall), (.paystack, "NGN", "10000000000.00", .tooLarge),
        ])
    func bounds(gateway: Gateway, code: String, text: String, refusal: GatewayCurrency.Refusal) throws {
        let terms = try terms(gateway, code)
        let money = try #require(Money(text, terms.currency))
        #expect(throws: refusal) { try terms.wireAmount(of: money) }
    }

    @Test("a number from the wire that is finer than the minor unit is no amount")
    func fine() throws {
        #expect(try terms(.stripe, "ISK").money(fromWire: 150) == nil)
        #expect(try terms(.paystack, "XOF").money(fromWire: 1) == nil)
        #expect(try terms(.stripe, "MGA").money(fromWire: Int64.max) == nil)
    }

    @Test("every currency belongs to a gateway, and a step on the wire is the currency's step")
    func tables() throws {
        var stripe = 0
        for currency in Currency.all {
            let found = Gateway.allCases.compactMap { $0.terms(for: currency) }
            #expect(!found.isEmpty, "\(currency.code)")
            for terms in found {
                let step = Money(minorUnits: currency.step, currency)
                #expect(terms.money(fromWire: terms.step) == step, "\(currency.code)")
                #expect(terms.minimum >= terms.step && terms.minimum % terms.step == 0 && terms.maximum > terms.minimum)
            }
            if Gateway.stripe.terms(for: currency) != nil { stripe += 1 }
        }
        #expect(stripe == 53, "all but the Egyptian pound")
        let euro = try #require(Currency("EUR"))
        let pound = try #require(Currency("EGP"))
        #expect(Gateway.paystack.terms(for: euro) == nil && Gateway.stripe.terms(for: pound) == nil)
    }

    @Test("the zero-decimal and three-decimal lists", arguments: ["BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"])
    func lists(zero: String) throws {
        for code in zero.split(separator: " ") { #expect(try terms(.stripe, String(code)).wireExponent == 0, "\(code)") }
        for code in ["BHD", "JOD", "KWD", "OMR", "TND"] {
            let terms = try terms(.stripe, code)
            #expect(terms.wireExponent == 3 && terms.step == 10, "\(code)")
        }
    }
}
