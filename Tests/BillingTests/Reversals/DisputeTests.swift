import HTTP
import Domain
import Messages
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// Charges that banks take back, or ask about (`domain.md` 7.7).
@Suite("Disputes")
struct DisputeTests {
    /// News of a dispute of a purchase's charge, each an event of its own.
    private func hear(
        _ shop: Shop, _ reference: String, _ type: String, status: String = "needs_response", amount: Int64 = 26_100,
        dispute: String = "dp_1"
    ) throws {
        let charge = try #require(try shop.row(reference, "gateway_transaction_id"))
        let object =
            #"{"id":"\#(dispute)","object":"dispute","amount":\#(amount),"currency":"usd","payment_intent":"\#(charge)","status":"\#(status)"}"#
        let id = "\(dispute)\(type)\(status)\(Int.random(in: 0 ... .max))"
        let reply = try shop.hear(shop.event("charge.dispute.\(type)", object, id: id))
        #expect(reply.result?["outcome"]?.text == "done", "\(reply.text ?? "")")
    }

    private func disputes(_ shop: Shop) throws -> [String?] {
        try shop.world.column(
            "SELECT concat_ws(' ', status, amount::numeric(19,2), taken_sequence, returned_sequence) FROM purchase_disputes ORDER BY id")
    }

    @Test("An inquiry only alerts, and ends without a trace in the purchase")
    func inquiry() throws {
        try Shop.with("inquiry") { shop in
            try shop.card("pm_card_createDisputeInquiry")
            let reference = try shop.purchased()
            #expect(try shop.hear("charge.dispute.created").result?["outcome"]?.text == "done")
            #expect(try shop.alerts() == ["dispute_inquiry"] && disputes(shop) == ["inquiry 261.00"])
            #expect(try shop.row(reference, "status") == "completed" && shop.balance() == "500")
            let told = try #require(try shop.newest("purchase.disputed"))
            #expect(told["dispute_status"]?.text == "inquiry" && told["taken_tokens"]?.whole == 0 && told["amount"]?.text == "261.00")
            let dispute = try #require(try shop.stripe(.get, "/v1/disputes")["data"]?.elements?.first?["id"]?.text)
            try shop.stripe(.post, "/v1/disputes/\(dispute)", "evidence[uncategorized_text]=winning_evidence")
            try shop.hear("charge.dispute.closed")
            #expect(try disputes(shop) == ["closed 261.00"] && shop.row(reference, "status") == "completed")
            try shop.expectSoundMoney()
        }
    }

    @Test("Withdrawn funds take the unspent tokens; won, they return with the life that was left; lost, it is charged back")
    func wonAndLost() throws {
        for evidence in ["winning_evidence", "losing_evidence"] {
            try Shop.with("dispute", [.tokenExpirationEnabled: "true", .tokenExpirationDays: "30"]) { shop in
                try shop.card("pm_card_createDispute")
                let reference = try shop.purchased()
                try shop.world.use(100)
                try shop.world.hold(50)
                shop.world.clock.advance(days: 27)
                for _ in 0..<2 {
                    try shop.hear("charge.dispute.created")
                    try shop.hear("charge.dispute.funds_withdrawn")
                }
                #expect(try shop.row(reference, "status, status_before_dispute") == "disputed completed" && shop.balance() == "50")
                #expect(try disputes(shop) == ["withdrawn 261.00 3"])
                #expect(
                    try shop.world.value("SELECT concat_ws(' ', type, amount) FROM token_balance_history WHERE sequence = 3")
                        == "dispute -350")
                #expect(try shop.newest("purchase.disputed")?["taken_tokens"]?.whole == 350)
                #expect(try shop.refund(reference).refusal == "purchase_not_completed -")
                try shop.expectSoundMoney()
                shop.world.clock.advance(days: 60)
                let dispute = try #require(try shop.stripe(.get, "/v1/disputes")["data"]?.elements?.first?["id"]?.text)
                try shop.stripe(.post, "/v1/disputes/\(dispute)", "evidence[uncategorized_text]=\(evidence)")
                let isWon = evidence == "winning_evidence"
                for _ in 0..<2 {
                    try shop.hear("charge.dispute.updated")
                    try shop.hear("charge.dispute.closed")
                    if isWon { try shop.hear("charge.dispute.funds_reinstated") }
                }
                #expect(try shop.row(reference, "status, status_before_dispute") == (isWon ? "completed" : "charged_back"))
                #expect(try disputes(shop) == [isWon ? "won 261.00 3 4" : "lost 261.00 3"])
                #expect(try shop.newest("purchase.disputed")?["dispute_status"]?.text == (isWon ? "won" : "lost"))
                #expect(try shop.balance() == (isWon ? "400" : "50"))
                if isWon {
                    // Three days and the rest of one were left; no seven days here.
                    #expect(
                        try shop.world.value(
                            "SELECT expires_at - effective_at BETWEEN '3 days' AND '4 days' FROM token_lots WHERE lot_id = 2") == "true")
                }
                try shop.expectSoundMoney()
            }
        }
    }

    @Test(
        "Tokens are taken up to the disputed amount, tax included",
        arguments: [(13_050, 250), (26_099, 499), (51, 0), (52, 1), (99_999, 500)])
    func part(amount: Int64, taken: Int64) throws {
        try Shop.with("disputepart") { shop in
            try shop.card()
            let reference = try shop.purchased()
            try hear(shop, reference, "funds_withdrawn", amount: amount)
            #expect(try shop.balance() == String(500 - taken) && shop.row(reference, "status") == "disputed")
            try shop.expectSoundMoney()
            try hear(shop, reference, "closed", status: "won", amount: amount)
            #expect(try shop.balance() == "500" && shop.row(reference, "status") == "completed")
            try shop.expectSoundMoney()
        }
    }

    @Test(
        "News in any order, and as often as they come, end alike",
        arguments: [
            (["closed lost", "created needs_response", "funds_withdrawn needs_response"], "charged_back", 0),
            (["funds_withdrawn needs_response", "created needs_response", "funds_withdrawn needs_response"], "disputed", 0),
            (["closed won", "funds_withdrawn needs_response", "created needs_response"], "completed", 500),
            (["funds_withdrawn needs_response", "closed won", "funds_reinstated won", "closed won"], "completed", 500),
            (["created needs_response", "funds_withdrawn needs_response", "updated lost", "closed lost"], "charged_back", 0),
            (["created warning_needs_response", "closed warning_closed", "funds_withdrawn needs_response"], "disputed", 0),
            (["funds_reinstated won", "closed won"], "completed", 500),
        ])
    func disorder(news: [String], status: String, left: Int64) throws {
        try Shop.with("disputeorder") { shop in
            try shop.card()
            let reference = try shop.purchased()
            for part in news + news {
                let words = part.split(separator: " ").map(String.init)
                try hear(shop, reference, words[0], status: words[1])
                try shop.expectSoundMoney()
            }
            #expect(try shop.row(reference, "status") == status && shop.balance() == String(left))
            #expect(try disputes(shop).count == 1)
        }
    }

    @Test("A dispute suspends the wallet where the setting wants it, and only when funds are withdrawn")
    func suspends() throws {
        for (setting, status) in [("true", "suspended"), ("false", "active")] {
            try Shop.with("disputesuspends", [.tokenDisputeSuspends: setting]) { shop in
                try shop.card()
                let reference = try shop.purchased()
                try hear(shop, reference, "created", status: "warning_needs_response")
                #expect(try shop.world.value("SELECT status FROM organization_token_wallets") == "active")
                try hear(shop, reference, "funds_withdrawn")
                #expect(try shop.world.value("SELECT status FROM organization_token_wallets") == status)
                #expect(try shop.world.events().contains { $0.type == "wallet.suspended" } == (status == "suspended"))
                try hear(shop, reference, "closed", status: "lost")
                #expect(try shop.row(reference, "status") == "charged_back")
            }
        }
    }

    @Test("A dispute of a purchase that was refunded in part takes what is left, and gives back to where it was")
    func afterRefund() throws {
        try Shop.with("disputerefund") { shop in
            try shop.card()
            let reference = try shop.purchased()
            try shop.refund(reference, 200)
            try hear(shop, reference, "funds_withdrawn")
            #expect(try shop.row(reference, "status, status_before_dispute") == "disputed partially_refunded" && shop.balance() == "0")
            try hear(shop, reference, "closed", status: "won")
            #expect(try shop.row(reference, "status") == "partially_refunded" && shop.balance() == "300")
            #expect(try shop.refund(reference).result?["purchase_status"]?.text == "refunded")
            try shop.expectSoundMoney()
            // All went back, and the bank takes it once more.
            try hear(shop, reference, "funds_withdrawn", dispute: "dp_2")
            #expect(try shop.row(reference, "status, status_before_dispute") == "disputed refunded")
            try hear(shop, reference, "closed", status: "won", dispute: "dp_2")
            #expect(try shop.row(reference, "status") == "refunded")
            try shop.expectSoundMoney()
        }
    }

    @Test("A refund that is under way when the bank withdraws is finished, and the dispute goes back to what it made")
    func duringRefund() throws {
        for end in ["won", "lost"] {
            try Shop.with("disputeduring") { shop in
                try shop.simulator.settleWithoutDelay()
                try shop.card("pm_card_pendingRefund")
                let reference = try shop.purchased()
                try shop.refund(reference, 200)
                try hear(shop, reference, "funds_withdrawn")
                #expect(try shop.balance() == "0")
                shop.simulator.settle()
                try shop.hear("refund.updated")
                #expect(try shop.row(reference, "status, status_before_dispute, refunded_tokens") == "disputed partially_refunded 200")
                try hear(shop, reference, "closed", status: end)
                #expect(try shop.row(reference, "status") == (end == "won" ? "partially_refunded" : "charged_back"))
                try shop.expectSoundMoney()
            }
        }
    }

    @Test(
        "Paystack's disputes: created, and resolved by the merchant's word",
        arguments: [("declined", "completed"), ("merchant-accepted", "charged_back")])
    func paystack(resolution: String, status: String) throws {
        try Shop.with("paystackdispute") { shop in
            try shop.savePaystackCard()
            let reference = try shop.purchased(shop.package("naira", tokens: 500, price: "45000", "NGN"))
            let charge = try #require(try shop.row(reference, "gateway_transaction_id"))
            try shop.simulator.control("disputes", #"{"reference":"\#(charge)"}"#)
            #expect(try shop.hear("charge.dispute.create", .paystack).result?["outcome"]?.text == "done")
            #expect(try disputes(shop) == ["inquiry 52200.00"] && shop.row(reference, "status") == "completed")
            let resolved =
                #"{"event":"charge.dispute.resolve","data":{"id":358900,"refund_amount":5220000,"currency":"NGN","status":"resolved","resolution":"\#(resolution)","transaction":{"reference":"\#(charge)"}}}"#
            for _ in 0..<2 { #expect(try shop.hear(Array(resolved.utf8), .paystack).result?["outcome"]?.text == "done") }
            #expect(try shop.row(reference, "status") == status && shop.balance() == (status == "completed" ? "500" : "0"))
            #expect(try disputes(shop).count == 1)
            try shop.expectSoundMoney()
        }
    }
}
