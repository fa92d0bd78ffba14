import Domain
import HTTP
import Messages
import PurserTesting
import Testing

@testable import Billing

/// What could be taken for something else: another attempt, another message, another refund, another organization's card.
@Suite("Mix-ups")
struct MixUpTests {
    @Test("The late webhook of a declined attempt says nothing about the next one, whose outcome is unknown")
    func lateDecline() throws {
        try Shop.with("latedecline") { shop in
            let asks = try shop.card("pm_card_authenticationRequired")
            let good = try shop.card()
            let reference = try shop.bought(#""package_id":"business""#, #""payment_method_id":"\#(asks)""#)
            let declined = try shop.told("payment_intent.payment_failed")
            try shop.fault("error_500_after")
            #expect(try shop.execute(reference, method: good).result?["phase"]?.text == "unknown")
            // The gateway is asked about the newest attempt instead, and that one was paid.
            #expect(try shop.hear(declined).result?["outcome"]?.text == "done")
            #expect(try shop.row(reference, "status, attempts") == "completed 2")
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("While nobody can tell what became of the next attempt, the late webhook changes nothing")
    func lateDeclineInTheDark() throws {
        try Shop.with("latedecline") { shop in
            let asks = try shop.card("pm_card_authenticationRequired")
            let good = try shop.card()
            let reference = try shop.bought(#""package_id":"business""#, #""payment_method_id":"\#(asks)""#)
            let declined = try shop.told("payment_intent.payment_failed")
            try shop.fault("conflict", count: 3)
            try shop.execute(reference, method: good)
            try shop.hear(declined)
            #expect(try shop.row(reference, "phase, attempts") == "unknown 2")
            #expect(try shop.pass(10) == 1)
            #expect(try shop.pass(60) == 1)
            #expect(try shop.row(reference, "status, attempts") == "completed 2")
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("Another message under the id of one whose call is under way is a conflict, whoever sends it")
    func sameIdentity() throws {
        try Shop.with("sameid") { shop in
            try shop.card()
            try shop.card(organization: "org-2")
            let order = #"{"package_id":"business"}"#
            try shop.fault("error_500_after")
            let reference = try #require(
                try shop.ask("billing.purchase", order, id: "m").result?["purchase_reference_id"]?.text)
            // As it is while the first one waits for its gateway: nothing is answered yet.
            try shop.dieDuringCall(reference, request: "m")
            for organization in ["org-2", "org-3"] {
                let other = try shop.ask("billing.purchase", order, organization: organization, id: "m")
                #expect(other.error?["code"]?.text == "request_conflict")
            }
            let more = try shop.ask("billing.purchase", #"{"package_id":"premium"}"#, id: "m")
            #expect(more.error?["code"]?.text == "request_conflict")
            #expect(try shop.ask("billing.purchase", order, id: "m").result?["status"]?.text == "completed")
            #expect(try shop.world.column("SELECT organization_id FROM token_purchases") == ["org-1"])
            #expect(try shop.world.value("SELECT sum(amount) FROM token_balance_history") == "500")
        }
    }

    @Test("Money that somebody gave back by hand does not settle our refund")
    func refundByHand() throws {
        try Shop.with("byhand") { shop in
            try shop.card()
            let reference = try shop.purchased()
            let charge = try #require(try shop.row(reference, "gateway_transaction_id"))
            try shop.fault("drop_before", "/v1/refunds")
            #expect(try shop.refund(reference, 100).result?["status"]?.text == "sent")
            try shop.stripe(.post, "/v1/refunds", "payment_intent=\(charge)&amount=100")
            #expect(try shop.refunds("status") == ["sent"])
            // The gateway is asked for ours, which had never arrived and is told again; what was made by hand is nobody's here.
            #expect(try shop.hear("refund.created").result?["outcome"]?.text == "unmatched")
            #expect(try shop.alerts() == ["refund_unknown"])
            #expect(try shop.refunds("status, total_amount::numeric(9,2)") == ["succeeded 52.20"])
            #expect(try shop.simulator.charges()[0]["refunded"]?.whole == 5_320)
            #expect(try shop.world.column("SELECT total_amount::numeric(9,2) FROM credit_notes") == ["52.20"])
        }
    }

    @Test("A card that was saved for another organization cannot be adopted by its reference")
    func foreignCard() throws {
        try Shop.with("foreigncard") { shop in
            let method = try shop.card()
            let reference = try #require(try shop.world.value("SELECT reference FROM payment_methods WHERE id = '\(method)'"))
            let data = #"{"gateway":"stripe","reference":"\#(reference)"}"#
            let thief = try shop.ask("billing.payment_method_add", data, organization: "org-2")
            #expect(thief.error?["code"]?.text == "payment_method_unknown")
            let page = try shop.ask("billing.payment_method_add", #"{"gateway":"stripe","return_url":"https://shop.example/cards"}"#)
            let url = try #require(page.result?["url"]?.text)
            try shop.simulator.press("pay", at: url)
            let session = try #require(page.result?["session_id"]?.text)
            let other = try shop.ask(
                "billing.payment_method_add", #"{"gateway":"stripe","reference":"\#(session)"}"#, organization: "org-2")
            #expect(other.error?["code"]?.text == "payment_method_unknown")
            #expect(try shop.world.column("SELECT DISTINCT organization_id FROM payment_methods") == ["org-1"])
            #expect(try shop.ask("billing.payment_method_add", #"{"gateway":"stripe","reference":"\#(session)"}"#).result != nil)
        }
    }
}
