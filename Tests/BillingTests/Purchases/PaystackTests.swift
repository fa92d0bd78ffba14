import Domain
import Messages
import Postgres
import PurserTesting
import Testing

@testable import Billing

/// Charges of Paystack's authorizations (`payment-facts.md` 2).
@Suite("Buying with Paystack")
struct PaystackTests {
    @Test("A saved card pays once")
    func completes() throws {
        try Shop.with("paystack") { shop in
            _ = try shop.paystackCard()
            let item = try shop.sell("naira", "5000.00", "NGN")
            let reply = try shop.buy(item)
            #expect(reply.result?["status"]?.text == "completed" && reply.result?["total_amount"]?.text == "5800.00")
            let reference = try #require(reply.result?["purchase_reference_id"]?.text)
            #expect(reply.result?["gateway_transaction_id"]?.text == "\(reference)-1")
            #expect(try shop.charged() == [reference])
            #expect(try shop.simulator.charges().first?["amount"]?.whole == 580_000)
        }
    }

    @Test("Every failure code ends in its class, and another card pays at once")
    func everyCode() throws {
        try Shop.with("paystackdeclines") { shop in
            let item = try shop.sell("naira", "5000.00", "NGN")
            for row in PaystackDeclines.rows {
                let organization = "org-\(row.responseCode)"
                let bad = try shop.paystackCard("sim_decline_\(row.responseCode)", organization: organization)
                let reply = try shop.buy(item, organization: organization)
                if row.kind == .needsCustomer {
                    #expect(reply.result?["phase"]?.text == "customer_action", "\(row.responseCode)")
                } else {
                    #expect(reply.refusal == "payment_declined -", "\(row.responseCode): \(reply.text ?? "")")
                }
                let usable = try shop.world.value("SELECT is_usable FROM payment_methods WHERE id = '\(bad)'")
                #expect(usable == (row.kind == .hard ? "false" : "true"), "\(row.responseCode)")
                let good = try shop.paystackCard(organization: organization)
                let again = try shop.buy(item, #""payment_method_id":"\#(good)","replace":true"#, organization: organization)
                #expect(again.result?["status"]?.text == "completed", "\(row.responseCode)")
            }
            #expect(try shop.charged().count == PaystackDeclines.rows.count)
        }
    }

    @Test(
        "A dead authorization needs the customer, and is not tried again",
        arguments: ["reference = 'AUTH_gone'", "email = 'bob@example.com'"])
    func deadAuthorization(_ change: String) throws {
        try Shop.with("deadauthorization") { shop in
            let card = try shop.paystackCard()
            let item = try shop.sell("naira", "5000.00", "NGN")
            try shop.world.owner.run("UPDATE payment_methods SET \(change) WHERE id = '\(card)'")
            let reference = try shop.bought(item)
            #expect(try shop.row(reference, "phase") == "customer_action")
            #expect(try shop.world.value("SELECT is_usable FROM payment_methods") == "false")
            #expect(try shop.execute(reference).refusal == "payment_method_unusable payment_method_id")
            let other = try shop.paystackCard()
            #expect(try shop.execute(reference, method: other).result?["status"]?.text == "completed")
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("A challenge needs the customer; what he does not do in time fails")
    func challenge() throws {
        try Shop.with("challenge") { shop in
            _ = try shop.paystackCard("sim_challenge")
            let reference = try shop.bought(try shop.sell("naira", "5000.00", "NGN"))
            #expect(try shop.row(reference, "phase, failure_reason") == "customer_action authentication_required")
            #expect(try shop.pass(7 * 86_400) == 1)
            #expect(try shop.row(reference, "status, failure_reason") == "failed authentication_required")
        }
    }

    @Test("A code that nobody knows counts as soft")
    func unknownCode() throws {
        try Shop.with("paystackunknown") { shop in
            _ = try shop.paystackCard("sim_decline_Z9")
            #expect(try shop.buy(try shop.sell("naira", "5000.00", "NGN")).refusal == "payment_declined -")
            #expect(try shop.world.value("SELECT is_usable FROM payment_methods") == "true")
            #expect(try shop.world.value("SELECT had_unknown_code FROM token_purchases") == "true")
        }
    }

    @Test(
        "An unknown outcome is verified, never charged again",
        arguments: [
            ("drop", "completed", 1), ("error_500_after", "completed", 1), ("drop_before", "failed", 0), ("error_500", "failed", 0),
        ])
    func unknown(_ fault: String, _ end: String, _ charges: Int) throws {
        try Shop.with("paystackfaults") { shop in
            _ = try shop.paystackCard()
            let item = try shop.sell("naira", "5000.00", "NGN")
            try shop.fault(fault, "/transaction/charge_authorization")
            let reference = try shop.bought(item)
            #expect(try shop.row(reference, "phase") == "unknown")
            try shop.pass(10)
            if charges == 0 {
                // That nothing is found means nothing before a day has passed.
                #expect(try shop.row(reference, "phase, asks") == "unknown 1")
                for wait in [60, 600, 3_600, 21_600, 86_400] as [Int64] { try shop.pass(wait) }
                #expect(try shop.row(reference, "failure_reason") == "not_charged")
            }
            #expect(try shop.row(reference, "status, attempts") == "\(end) 1")
            #expect(try shop.charged().count == charges)
        }
    }
}
