import Messages
import PurserTesting
import Runtime
import Testing

@testable import Operator

@Suite("Documents, packages, methods and webhooks")
struct SaleListTests {
    /// What a command wrote to standard output, which is no text.
    private func file(_ sales: SaleFixture, _ words: [String]) throws -> [UInt8] {
        let folder = try ScratchFolder()
        let path = try folder.file("document.pdf", "")
        let run = sales.run(["invoice", "pdf"] + words + ["--out", path])
        #expect(run.code == .done, "\(run.errors)")
        return try InputFile.read(path)
    }

    @Test("invoices and credit notes are shown by number, and by the purchase")
    func show() throws {
        try SaleFixture.with("invoice_show") { sales in
            for name in ["INV-2026-000001", SaleFixture.sold] {
                let json = try sales.run(["invoice", "show", name, "--json"]).json()
                #expect(json["number"]?.text == "INV-2026-000001" && json["organization"]?.text == "org-1")
                #expect(json["total_amount"]?.text == "261.00" && json["amount_due"]?.text == "0.00" && json["tax_rate"]?.text == "0.16")
                #expect(json["buyer"]?.text == "Sample Client" && json["credit_notes"]?.elements?.first?.text == "CN-2026-000001")
            }
            let note = try sales.run(["invoice", "show", "CN-2026-000001", "--json"]).json()
            #expect(
                note["invoice_number"]?.text == "INV-2026-000001" && note["total_amount"]?.text == "52.20" && note["tokens"]?.whole == 100)
            let text = sales.run(["invoice", "show", "INV-2026-000001"]).output
            #expect(text.contains("Sample Client") && text.contains("261.00 USD") && text.contains(SaleFixture.sold))
            let list = try sales.run(["invoice", "list", "--json"]).json()["invoices"]?.elements ?? []
            #expect(list.count == 1 && list[0]["purchase_reference_id"]?.text == SaleFixture.sold)
            #expect(sales.run(["invoice", "list", "org-2"]).output == "no invoices\n")
            #expect(sales.run(["invoice", "show", SaleFixture.bare]).errors.contains("purser purchase trace \(SaleFixture.bare)"))
            #expect(sales.run(["invoice", "show", "INV-2026-000002"]).code == .differences)
            #expect(sales.run(["invoice", "show", "CN-2026-000002"]).code == .differences)
            #expect(sales.run(["invoice", "show", "letter"]).code == .usage)
        }
    }

    @Test("the PDF files say what the rows say, the same bytes every time")
    func pdf() throws {
        try SaleFixture.with("invoice_pdf") { sales in
            let invoice = try file(sales, ["INV-2026-000001"])
            let lines = try Poppler.lines(invoice, page: 1)
            #expect(lines.contains { $0.contains("INV-2026-000001") } && lines.contains { $0.contains("Sample Client") }, "\(lines)")
            #expect(lines.contains { $0.contains("Business") && $0.contains("225.00") } && lines.contains { $0.contains(SaleFixture.sold) })
            #expect(try file(sales, [SaleFixture.sold]) == invoice)
            let receipt = try Poppler.text(file(sales, [SaleFixture.sold, "--receipt"]), page: 1)
            #expect(receipt.contains("Receipt") && receipt.contains("pi_1"))
            let note = try Poppler.text(file(sales, ["CN-2026-000001"]), page: 1)
            #expect(note.contains("CN-2026-000001") && note.contains("INV-2026-000001") && note.contains("52.20"), "\(note)")
            #expect(sales.run(["invoice", "pdf", "CN-2026-000001", "--receipt"]).code == .usage)
            let nowhere = sales.run(["invoice", "pdf", SaleFixture.sold, "--out", "/nowhere/at/all.pdf"])
            #expect(nowhere.code == .output && nowhere.errors.contains("/nowhere/at/all.pdf cannot be written"))
            #expect(sales.run(["invoice", "pdf", SaleFixture.sold, "--out", "-", "--json"]).code == .usage)
            #expect(sales.run(["invoice", "pdf", SaleFixture.sold, "--out", "-"]).output.hasPrefix("%PDF-"))
        }
    }

    @Test("packages are listed with what they save, and the best one is marked")
    func packages() throws {
        try SaleFixture.with("packages") { sales in
            func packages(_ catalog: String) throws -> [JSONValue] {
                try sales.run(["packages", "list", "--catalog", catalog, "--json"]).json()["packages"]?.elements ?? []
            }
            let credits = try packages("credits")
            #expect(credits.map { $0["tokens"]?.whole } == [10, 50, 100, 500])
            #expect(credits.map { $0["discount_percent"]?.whole } == [0, 10, 10, 20])
            #expect(credits.map { $0["is_best_value"]?.bool } == [false, false, false, true])
            let organization = try packages("organization").filter { $0["is_active"]?.bool == true }
            #expect(organization.map { $0["discount_percent"]?.whole } == [0, 10, 20, 30])
            #expect(organization.map { $0["price"]?.text } == ["50.00", "225.00", "800.00", "1750.00"])
            let all = sales.run(["packages", "list"])
            #expect(all.code == .done && all.output.contains("retired") && all.output.contains("discount %"))
            let none = sales.run(["packages", "list", "--catalog", "winter"])
            #expect(none.code == .differences && none.errors.contains("there are credits, organization"))
        }
    }

    @Test("methods are listed without their gateway's reference; an expired one is not usable")
    func methods() throws {
        try SaleFixture.with("methods") { sales in
            let methods = try sales.run(["method", "list", "org-1", "--json"]).json()["payment_methods"]?.elements ?? []
            #expect(methods.map { $0["payment_method_id"]?.text } == ["pm-1", "pm-2"])
            #expect(methods.map { $0["is_usable"]?.bool } == [true, false] && methods[0]["expires"]?.text == "2099-04")
            let text = sales.run(["method", "list", "org-1", "--removed"]).output
            #expect(text.contains("4242") && text.contains("pm-3") && !text.contains("pm_card_visa"))
            #expect(sales.run(["method", "list", "org-9"]).output == "org-9 has no payment method\n")
        }
    }

    @Test("webhooks are listed with what came of them")
    func webhooks() throws {
        try SaleFixture.with("webhooks") { sales in
            func ids(_ words: [String]) throws -> [String?] {
                (try sales.run(["webhook", "list", "--json"] + words).json()["webhooks"]?.elements ?? []).map { $0["event_id"]?.text }
            }
            let all = try ids([])
            #expect(all == ["1:charge.success", "evt_2", "evt_1"])
            #expect(try ids(["--gateway", "stripe", "--outcome", "done"]) == ["evt_1"])
            let few = sales.run(["webhook", "list", "--limit", "1"])
            #expect(few.output.contains("unmatched") && few.output.contains("and more"))
        }
    }
}
