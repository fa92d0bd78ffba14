import Runtime
import Messages
import PurserTesting
import Testing

@testable import Billing

/// Totals equal the sums of their parts, and revenue adds up, whatever is bought, used, given back and disputed, in whatever order.
@Suite("Money over random programs")
struct MoneySimulationTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("in currencies with 0, 2 and 3 decimals", arguments: [1, 2, 3])
    func program(seed: Int) throws {
        var random = Random(state: UInt64(seed))
        try Shop.with("money", [.tokenInvoiceTaxRate: ["0.16", "0.19", "0.077"][seed - 1]]) { shop in
            try shop.ask("billing.wallet_open", "{}")
            try shop.ask("billing.wallet_settings", #"{"overdraft_limit":20}"#)
            try shop.card()
            var items: [String] = []
            for (currency, decimals) in [("USD", 2), ("JPY", 0), ("KWD", 2)] {
                for size in 0..<2 {
                    let price = "\(Int.random(in: 60...400, using: &random))"
                    let cents = decimals == 0 ? "" : ".\(Int.random(in: 10...99, using: &random))"
                    items.append(
                        try shop.package("p\(currency)\(size)", tokens: .random(in: 1...60, using: &random), price: price + cents, currency)
                    )
                }
            }
            var references: [String] = []
            for step in 0..<40 {
                switch Int.random(in: 0..<7, using: &random) {
                case 0, 1: references.append(try shop.purchased(items[Int.random(in: 0..<items.count, using: &random)]))
                case 2, 3: try shop.world.use(.random(in: 1...12, using: &random), id: "use\(step)")
                case 4, 5:
                    guard let reference = references.randomElement(using: &random) else { continue }
                    let all = Bool.random(using: &random)
                    try shop.refund(reference, all ? nil : .random(in: 1...10, using: &random))
                default:
                    guard let reference = references.randomElement(using: &random) else { continue }
                    try dispute(shop, reference, step, &random)
                }
                try shop.expectSoundMoney()
            }
            #expect(try shop.world.value("SELECT count(*) > 0 FROM credit_notes") == "true")
        }
    }

    private func dispute(_ shop: Shop, _ reference: String, _ step: Int, _ random: inout Random) throws {
        let charge = try #require(try shop.row(reference, "gateway_transaction_id"))
        let currency = try #require(try shop.row(reference, "lower(currency)"))
        // What went back in full and is charged back has no charge that is kept: another test's subject.
        if try shop.row(reference, "status") == "refunded" { return }
        let mosts: [String: Int64] = ["jpy": 500, "usd": 50_000, "kwd": 500_000]
        let most = try #require(mosts[currency])
        let amount = Int64.random(in: 1...most, using: &random) / 10 * 10
        let isWon = Bool.random(using: &random)
        for (type, status) in [("funds_withdrawn", "needs_response"), ("closed", isWon ? "won" : "lost")] {
            let object =
                #"{"id":"dp_\#(step)","amount":\#(amount),"currency":"\#(currency)","payment_intent":"\#(charge)","status":"\#(status)"}"#
            try shop.hear(shop.event("charge.dispute.\(type)", object, id: "\(step)\(type)"))
            try shop.expectSoundMoney()
        }
    }
}
