import Messages
import Postgres
import Runtime
import Testing

@testable import Operator

@Suite("Looking at purchases")
struct PurchaseCommandTests {
    @Test("purchases are listed, the newest first, by organization, status and type")
    func list() throws {
        try SaleFixture.with("sale_list") { sales in
            func references(_ words: [String]) throws -> [String] {
                let json = try sales.run(["purchase", "list", "--json"] + words).json()
                return (json["purchases"]?.elements ?? []).compactMap { $0["purchase_reference_id"]?.text }
            }
            let all = try references([])
            #expect(
                all == [
                    SaleFixture.failed, SaleFixture.bare, SaleFixture.parked, SaleFixture.unknown, SaleFixture.sold, SaleFixture.pending,
                ])
            #expect(try references(["org-2"]) == [SaleFixture.failed])
            #expect(try references(["--status", "processing"]) == [SaleFixture.parked, SaleFixture.unknown])
            #expect(try references(["--type", "auto_topup"]).isEmpty)
            let few = sales.run(["purchase", "list", "--limit", "1"])
            #expect(few.code == .done && few.output.contains("261.00 USD") && few.output.contains("lost_card"), "\(few.output)")
            #expect(few.output.contains("and more") && !few.output.contains(SaleFixture.bare))
            #expect(sales.run(["purchase", "list", "org-9"]).output == "no purchases\n")
        }
    }

    @Test("one is shown with its figures and everything that hangs on it")
    func show() throws {
        try SaleFixture.with("sale_show") { sales in
            let json = try sales.run(["purchase", "show", SaleFixture.sold, "--json"]).json()
            #expect(json["status"]?.text == "partially_refunded" && json["tokens"]?.whole == 500 && json["refunded_tokens"]?.whole == 100)
            #expect(json["net_amount"]?.text == "225.00" && json["tax_amount"]?.text == "36.00" && json["total_amount"]?.text == "261.00")
            #expect(json["invoice_number"]?.text == "INV-2026-000001" && json["metadata"]?["order"]?.text == "7 ")
            let attempts = json["attempts"]?.elements ?? []
            #expect(attempts.map { $0["outcome"]?.text } == ["soft_decline", "succeeded"])
            #expect(attempts.first?["code"]?.text == "insufficient_funds" && attempts.last?["gateway_object_id"]?.text == "pi_1")
            let refund = try #require(json["refunds"]?.elements?.first)
            #expect(refund["total_amount"]?.text == "52.20" && refund["credit_note_number"]?.text == "CN-2026-000001")
            #expect(json["disputes"]?.elements?.first?["status"]?.text == "inquiry")
            #expect(json["credit_notes"]?.elements?.first?["number"]?.text == "CN-2026-000001")

            let text = sales.run(["purchase", "show", SaleFixture.sold])
            for words in ["261.00 USD", "insufficient_funds", "not needed", "dp_1", "CN-2026-000001", "pm-1", "2026-11-20T10:00:06Z"] {
                #expect(text.output.contains(words), "\(words) in \(text.output)")
            }
            #expect(text.code == .done)
            let nobody = sales.run(["purchase", "show", "REF-ZZZZZZZZZZZZZZZZZZZZZZZZZZ"])
            #expect(nobody.code == .differences && nobody.errors.contains("there is no purchase REF-Z"))
            #expect(sales.run(["purchase", "show", "'; DROP TABLE token_purchases; --"]).code == .usage)
        }
    }

    @Test("what happened is told in the order of time, from tables that know nothing of one another")
    func traceOfSold() throws {
        try SaleFixture.with("sale_trace") { sales in
            let run = sales.run(["purchase", "trace", SaleFixture.sold, "--json"])
            let json = try run.json()
            #expect(run.code == .done && json["missing"]?.elements?.isEmpty == true, "\(run.output)")
            let steps = json["steps"]?.elements ?? []
            #expect(
                steps.compactMap { $0["what"]?.text } == [
                    "purchase", "attempt", "attempt", "attempt", "attempt", "ledger", "purchase", "invoice", "webhook", "webhook", "ledger",
                    "refund", "refund", "refund", "credit_note", "dispute",
                ])
            let times = steps.compactMap { $0["at"]?.text }
            #expect(times == times.sorted() && times.count == steps.count)
            let words = steps.compactMap { $0["words"]?.text }
            #expect(words[2] == "1 soft_decline (insufficient_funds, pi_0)" && words[5] == "row 2: purchase 500, balance 600")
            #expect(words.contains("payment_intent.succeeded evt_1: done, came 2 times") && words.contains("charge.updated evt_2: ignored"))
            #expect(json["waiting"]?.elements?.first?.text?.contains("answer it at stripe") == true)
            let text = sales.run(["purchase", "trace", SaleFixture.sold]).output
            #expect(text.contains("INV-2026-000001 issued") && text.contains("nothing is missing"))
        }
    }

    @Test(
        "what is missing is told with what mends it",
        arguments: [
            (SaleFixture.bare, "it is completed and has no invoice", "purser invoice make \(SaleFixture.bare)"),
            (SaleFixture.bare, "its ledger rows credit 0 of 500 tokens", "purser wallet adjust org-1 --tokens 500"),
            (SaleFixture.parked, "parked since 2026-11-20T12:30:00Z", "look for \(SaleFixture.parked)-1 at stripe"),
            (SaleFixture.pending, "it should have lapsed at 2020-11-21T15:00:00Z", "purser status"),
        ])
    func missing(_ reference: String, _ words: String, _ mend: String) throws {
        try SaleFixture.with("sale_missing") { sales in
            let run = sales.run(["purchase", "trace", reference])
            #expect(run.code == .differences && run.output.contains(words) && run.output.contains(mend), "\(run.output)")
        }
    }

    @Test("an unknown outcome tells since when, and when the gateway is asked next; one that is overdue is missing something")
    func unknown() throws {
        try SaleFixture.with("sale_unknown") { sales in
            let run = sales.run(["purchase", "trace", SaleFixture.unknown])
            #expect(run.code == .done, "\(run.output)")
            #expect(
                run.output.contains(
                    "unknown since 2026-11-20T11:00:01Z whether anybody was charged, asked 2 times in vain, next question at"))
            try sales.owner.run("UPDATE token_purchases SET next_attempt_at = '2026-11-20T11:00:11Z' WHERE phase = 'unknown'")
            let late = sales.run(["purchase", "trace", SaleFixture.unknown])
            #expect(late.code == .differences && late.output.contains("overdue since 2026-11-20T11:00:11Z"), "\(late.output)")
            #expect(sales.run(["purchase", "trace", SaleFixture.failed]).output.contains("failed: lost_card"))
        }
    }
}
