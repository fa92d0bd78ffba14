import Messages
import PurserTesting
import Testing

@testable import Billing

/// Purchases with a saved payment method, against the simulator (`domain.md` 7.2 to 7.5).
@Suite("Buying")
struct BuyingTests {
    @Test("A purchase charges the card once and credits its tokens, with invoice, events and answer")
    func completes() throws {
        try Shop.with("buy") { shop in
            try shop.card()
            let reply = try shop.buy(#""package_id":"business""#, #""metadata":{"order":"7 "}"#)
            let result = try #require(reply.result)
            #expect(result["status"]?.text == "completed" && result["tokens"]?.whole == 500 && result["balance"]?.whole == 500)
            #expect(
                result["net_amount"]?.text == "225.00" && result["tax_amount"]?.text == "36.00" && result["total_amount"]?.text == "261.00")
            #expect(result["invoice_number"]?.text?.hasSuffix("-000001") == true)
            let reference = try #require(result["purchase_reference_id"]?.text)
            #expect(try shop.charged() == [reference])
            #expect(try shop.world.value("SELECT metadata::text FROM token_balance_history") == #"{"order":"7 "}"#)
            let types = try shop.world.events().map(\.type)
            #expect(
                types == ["payment_method.added", "wallet.opened", "purchase.initialized", "purchase.completed", "invoice.issued"])
        }
    }
}
