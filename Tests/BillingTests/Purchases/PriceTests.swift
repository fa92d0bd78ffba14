import Messages
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// What purchases cost, and for how long what was agreed upon holds (`domain.md` 7.3, 12.2).
@Suite("Prices of purchases")
struct PriceTests {
    /// Net, tax, total, currency.
    private func price(_ reply: Reply) -> String {
        ["net_amount", "tax_amount", "total_amount", "currency"].map { reply.result?[$0]?.text ?? "none" }.joined(separator: " ")
    }

    @Test("The four prices of catalog credits, and those of catalog organization, with tax")
    func seeded() throws {
        try Shop.with("prices") { shop in
            try shop.card()
            let prices: [(String, String, Int64)] = [
                ("credits-10", "10.00 1.60 11.60 USD", 10), ("credits-50", "45.00 7.20 52.20 USD", 50),
                ("credits-100", "90.00 14.40 104.40 USD", 100), ("credits-500", "400.00 64.00 464.00 USD", 500),
                ("starter", "50.00 8.00 58.00 USD", 100), ("business", "225.00 36.00 261.00 USD", 500),
                ("enterprise", "800.00 128.00 928.00 USD", 2_000), ("premium", "1750.00 280.00 2030.00 USD", 5_000),
            ]
            for (id, wanted, tokens) in prices {
                let reply = try shop.buy(#""package_id":"\#(id)""#)
                #expect(price(reply) == wanted && reply.result?.number("tokens") == tokens, "\(id)")
            }
            let charged = try shop.simulator.charges("status=succeeded").compactMap { $0["amount"]?.whole }.sorted()
            #expect(charged == [1_160, 5_220, 5_800, 10_440, 26_100, 46_400, 92_800, 203_000])
            #expect(try shop.world.value("SELECT total_purchased FROM organization_token_wallets") == "8260")
        }
    }

    @Test("Custom tokens at the price of the single token, rounded once")
    func custom() throws {
        try Shop.with("customprices", [.defaultTokenPrice: "0.1234", .tokenInvoiceTaxRate: "0.075"]) { shop in
            try shop.card()
            #expect(price(try shop.buy(#""tokens":333"#)) == "41.09 3.08 44.17 USD")
            #expect(price(try shop.buy(#""tokens":7"#, #""catalog":"credits""#)) == "7.00 0.53 7.53 USD")
            #expect(try shop.world.column("SELECT lines->0->>'quantity' FROM invoices ORDER BY count") == ["333", "7"])
        }
    }

    @Test("Currencies without hundredths, and with thousandths in steps of ten")
    func steps() throws {
        try Shop.with("currencies") { shop in
            try shop.card()
            #expect(price(try shop.buy(try shop.sell("yen", "1234", "JPY"))) == "1234 197 1431 JPY")
            #expect(price(try shop.buy(try shop.sell("dinar", "7.77", "KWD"))) == "7.770 1.240 9.010 KWD")
            let wire = try shop.simulator.charges("status=succeeded").compactMap { $0["amount"]?.whole }.sorted()
            #expect(wire == [1_431, 9_010])
        }
    }

    @Test("What was agreed upon holds although the package changes before it is paid")
    func terms() throws {
        try Shop.with("terms") { shop in
            try shop.card()
            let item = try shop.sell("offer", tokens: 100, "50.00", "USD", #","expiration_days":10"#)
            let reference = try shop.bought(item, #""execute":false"#)
            try shop.sell("offer", tokens: 7, "99.00", "USD", #","expiration_days":90,"is_active":false"#)
            let reply = try shop.execute(reference)
            #expect(price(reply) == "50.00 8.00 58.00 USD" && reply.result?.number("tokens") == 100)
            #expect(try shop.charged() == [reference])
            #expect(try shop.world.value("SELECT granted || ' ' || expires_at::date FROM token_lots") == "100 2026-12-01")
        }
    }

    @Test("Purchased tokens end after TOKEN_EXPIRATION_DAYS, at midnight, and a package may have days of its own")
    func expiration() throws {
        try Shop.with("expiration", [.tokenExpirationEnabled: "true", .tokenExpirationDays: "30"]) { shop in
            try shop.card()
            try shop.buy()
            try shop.buy(try shop.sell("short", "50.00", "USD", #","expiration_days":3"#))
            let ends = try shop.world.column("SELECT expires_at AT TIME ZONE 'UTC' FROM token_lots ORDER BY lot_id")
            #expect(ends == ["2026-12-21 00:00:00", "2026-11-24 00:00:00"])
        }
        try Shop.with("noexpiration", [.tokenExpirationEnabled: "false"]) { shop in
            try shop.card()
            try shop.buy()
            #expect(try shop.world.column("SELECT expires_at FROM token_lots") == [nil])
        }
    }
}
