import Postgres
import Messages
import PurserTesting
import Testing

@testable import Billing

/// Money for tokens that were not used (`domain.md` 1.4, 7.6, 15).
@Suite("Refunds")
struct RefundTests {
    @Test("All of a purchase goes back: tokens, money, credit note, state and events")
    func full() throws {
        try Shop.with("refundfull") { shop in
            try shop.card()
            let reference = try shop.purchased()
            let reply = try shop.ask(
                "billing.purchase_refund", #"{"purchase_reference_id":"\#(reference)","reason":"not needed","actor":"ann"}"#)
            let result = try #require(reply.result, "\(reply.text ?? "")")
            #expect(result["status"]?.text == "succeeded" && result["tokens"]?.whole == 500 && result["balance"]?.whole == 0)
            #expect(result["net_amount"]?.text == "225.00" && result["tax_amount"]?.text == "36.00")
            #expect(result["total_amount"]?.text == "261.00" && result["currency"]?.text == "USD")
            #expect(result["credit_note_number"]?.text == "CN-2026-000001" && result["purchase_status"]?.text == "refunded")
            #expect(try shop.row(reference, "status, refunded_tokens") == "refunded 500")
            #expect(try shop.simulator.charges()[0]["refunded"]?.whole == 26_100)
            #expect(
                try shop.world.value(
                    "SELECT concat_ws(' ', type, amount, reason, purchase_reference_id) FROM token_balance_history WHERE sequence = 2")
                    == "purchase_refund -500 not needed \(reference)")
            #expect(try shop.world.value("SELECT total_refunded FROM organization_token_wallets") == "500")
            #expect(
                try shop.world.value("SELECT concat_ws(' ', invoice_number, tokens, total_amount::numeric(19,2), reason) FROM credit_notes")
                    == "INV-2026-000001 500 261.00 not needed")
            #expect(try shop.world.events().suffix(2).map(\.type) == ["purchase.refunded", "credit_note.issued"])
            let told = try #require(try shop.newest("purchase.refunded"))
            #expect(told["refunded_tokens"]?.whole == 500 && told["refunded_amount"]?.text == "261.00")
            #expect(told["status"]?.text == "refunded" && told["reason"]?.text == "not needed")
            #expect(told["credit_note_number"]?.text == "CN-2026-000001")
            #expect(try shop.newest("credit_note.issued")?["invoice_number"]?.text == "INV-2026-000001")
            #expect(
                try shop.world.column("SELECT action FROM token_audit_logs WHERE action LIKE '%refund%' AND actor = 'ann' ORDER BY id")
                    == ["billing.purchase_refund", "purchase_refund.succeeded", "billing.purchase_refund"])
            #expect(try shop.refund(reference).refusal == "nothing_to_refund -")
            try shop.expectSoundMoney()
        }
    }

    @Test(
        "Parts add up to the cent, in currencies with 0, 2 and 3 decimals",
        arguments: [
            ("USD", 5_000, "1999.99", [1, 999, 1_234, 2_766], "2319.99"), ("USD", 3, "10.00", [1, 1, 1], "3.86 3.88 3.86"),
            ("JPY", 3, "100", [1, 1, 1], "38 40 38"), ("KWD", 3, "10.000", [1, 1, 1], "3.860 3.880 3.860"),
            ("JPY", 7, "500", [2, 3, 2], "580"),
            ("KWD", 7, "1.000", [3, 1, 3], "1.160"),
        ])
    func parts(currency: String, tokens: Int64, price: String, parts: [Int64], amounts: String) throws {
        try Shop.with("refundparts") { shop in
            try shop.card()
            let reference = try shop.purchased(shop.package("odd", tokens: tokens, price: price, currency))
            try shop.expectSoundMoney()
            var given: [String] = []
            for (place, part) in parts.enumerated() {
                let result = try #require(try shop.refund(reference, part).result)
                given.append(try #require(result["total_amount"]?.text))
                let last = place == parts.count - 1
                #expect(result["purchase_status"]?.text == (last ? "refunded" : "partially_refunded"))
                #expect(result["credit_note_number"]?.text == "CN-2026-00000\(place + 1)")
                try shop.expectSoundMoney()
            }
            if amounts.contains(" ") { #expect(given.joined(separator: " ") == amounts) }
            let charge = try shop.simulator.charges()[0]
            #expect(charge["refunded"]?.whole == charge["amount"]?.whole)
            #expect(
                try shop.world.value(
                    "SELECT count(*) FROM token_purchases WHERE total_amount = (SELECT sum(total_amount) FROM credit_notes)") == "1")
            if !amounts.contains(" ") {
                #expect(try shop.world.value("SELECT (total_amount - \(amounts)) = 0 FROM token_purchases") == "true")
            }
        }
    }

    @Test("Spent and held tokens do not go back, and repaying a debt is spending")
    func spent() throws {
        try Shop.with("refundspent") { shop in
            try shop.ask("billing.wallet_open", "{}")
            try shop.ask("billing.wallet_settings", #"{"overdraft_limit":100}"#)
            try shop.world.use(60, id: "debt")
            try shop.card()
            let reference = try shop.purchased()
            try shop.expectSoundMoney()
            try shop.world.use(40, id: "spent")
            try shop.world.hold(100)
            #expect(try shop.refund(reference, 301).refusal == "refund_exceeds_unspent -")
            #expect(try shop.balance() == "400")
            let result = try #require(try shop.refund(reference).result)
            #expect(result["tokens"]?.whole == 300 && result["purchase_status"]?.text == "partially_refunded")
            #expect(result["net_amount"]?.text == "135.00" && result["balance"]?.whole == 100 && result["available"]?.whole == 100)
            try shop.expectSoundMoney()
            #expect(try shop.refund(reference).refusal == "nothing_to_refund -")
            #expect(try shop.row(reference, "status, refunded_tokens") == "partially_refunded 300")
        }
    }

    @Test("Only the purchase's own tokens go back; others of the wallet stay")
    func own() throws {
        try Shop.with("refundown") { shop in
            try shop.card()
            let first = try shop.purchased()
            let second = try shop.purchased(#""package_id":"starter""#)
            try shop.ask("billing.grant", #"{"tokens":1000,"priority":100}"#)
            #expect(try shop.refund(second, 101).refusal == "refund_exceeds_unspent -")
            #expect(try shop.refund(second).result?["tokens"]?.whole == 100)
            #expect(try shop.row(first, "status") == "completed" && shop.balance() == "1500")
            try shop.expectSoundMoney()
        }
    }

    @Test("What is worth nothing, was never paid or is somebody else's is refused, and changes nothing")
    func refused() throws {
        try Shop.with("refundrefused") { shop in
            try shop.card()
            let cheap = try shop.purchased(shop.package("cheap", tokens: 5_000, price: "0.60"))
            let before = try shop.world.snapshot()
            #expect(try shop.refund(cheap, 1).refusal == "refund_amount_zero -")
            #expect(try shop.refund("REF-AAAAAAAAAAAAAAAAAAAAAAAAAA").refusal == "purchase_not_found purchase_reference_id")
            let foreign = try shop.ask("billing.purchase_refund", #"{"purchase_reference_id":"\#(cheap)"}"#, organization: "org-2")
            #expect(foreign.refusal == "purchase_not_found purchase_reference_id")
            #expect(try shop.world.snapshot() == before && shop.refunds("id").isEmpty)
            let waiting = try shop.buy(#""package_id":"starter""#, #""execute":false"#)
            let reference = try #require(waiting.result?["purchase_reference_id"]?.text)
            #expect(try shop.refund(reference).refusal == "purchase_not_completed -")
            try shop.expectSoundMoney()
        }
    }

    @Test("The same message gets the same answer and gives back once")
    func repeated() throws {
        try Shop.with("refundagain") { shop in
            try shop.card()
            let reference = try shop.purchased()
            let first = try shop.refund(reference, 100, id: "once")
            #expect(first.isOK)
            for _ in 0..<3 { #expect(try shop.refund(reference, 100, id: "once").text == first.text) }
            #expect(try shop.refund(reference, 99, id: "once").refusal == "request_conflict id")
            #expect(try shop.refunds("status, tokens, calls") == ["succeeded 100 1"])
            #expect(try shop.simulator.charges()[0]["refunded"]?.whole == 5_220)
            try shop.expectSoundMoney()
        }
    }

    @Test("A refund goes on while the wallet is suspended and the system disabled")
    func suspended() throws {
        try Shop.with("refundsuspended") { shop in
            try shop.card()
            let reference = try shop.purchased()
            try shop.ask("billing.wallet_suspend", "{}")
            try shop.world.owner.run("UPDATE system_settings SET enabled = false")
            #expect(try shop.refund(reference).result?["status"]?.text == "succeeded")
            try shop.world.owner.run("UPDATE system_settings SET enabled = true")
            try shop.expectSoundMoney()
        }
    }
}
