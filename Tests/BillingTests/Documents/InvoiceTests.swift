import Documents
import Domain
import Messages
import Postgres
import PurserTesting
import Runtime
import Store
import Testing

@testable import Billing

/// The documents of sales, from purchase to printed page (`domain.md` 14).
@Suite("Invoices")
struct InvoiceTests {
    private static let seller: [Setting: String] = [
        .sellerName: "Example Seller GmbH", .sellerAddress: #"Musterstraße 1\n10115 Berlin"#, .sellerTaxID: "DE123456789",
        .sellerEmail: "billing@example.com",
    ]

    /// The stored invoice of a purchase.
    private func invoice(_ shop: Shop, _ reference: String) throws -> Invoice {
        let id = try #require(try shop.row(reference, "id").flatMap { Int64($0) })
        let rows = try shop.world.owner.pipeline([SaleDocuments.loadingInvoice(purchase: id)])
        return try #require(try SaleDocuments.invoice(in: rows[0]))
    }

    private func make(_ shop: Shop, _ reference: String) throws -> Reply {
        try shop.ask("billing.invoice", #"{"purchase_reference_id":"\#(reference)"}"#)
    }

    @Test("Seller and buyer are copied when it is issued; one line, tax per rate, paid, nothing due")
    func content() throws {
        try Shop.with("invoice", Self.seller) { shop in
            try shop.ask(
                "billing.wallet_open",
                #"{"name":"Client Ltd","billing_address":"1 High Street\nLondon","tax_id":"GB1","email":"pay@client.example"}"#)
            try shop.card()
            let reference = try shop.purchased(#""tokens":333"#)
            let found = try invoice(shop, reference)
            #expect(
                found.seller
                    == InvoiceParty(
                        name: "Example Seller GmbH", address: "Musterstraße 1\n10115 Berlin", taxID: "DE123456789",
                        email: "billing@example.com"))
            let buyer = InvoiceParty(name: "Client Ltd", address: "1 High Street\nLondon", taxID: "GB1", email: "pay@client.example")
            #expect(found.buyer == buyer && found.number.text == "INV-2026-000001" && found.reference.text == reference)
            #expect(found.lines.count == 1 && found.lines[0].quantity == 333 && found.lines[0].unitPrice.text == "0.50")
            #expect(found.totals.net.text == "166.50" && found.totals.tax.text == "26.64" && found.totals.total.text == "193.14")
            #expect(found.totals.taxes.map(\.rate.text) == ["0.16"] && found.totals.taxes.map(\.base.text) == ["166.50"])
            #expect(found.dueAt == nil && found.amountDue.minorUnits == 0 && found.isReceipt)
            #expect(try found.payment?.gateway == .stripe && found.payment?.transaction == shop.row(reference, "gateway_transaction_id"))
            #expect(try shop.newest("invoice.issued")?["total_amount"]?.text == "193.14")
            try shop.ask("billing.wallet_settings", #"{"name":"Renamed Ltd","billing_address":"elsewhere","tax_id":"FR2"}"#)
            #expect(try invoice(shop, reference) == found)
            try shop.refund(reference, 100)
            #expect(try invoice(shop, reference) == found)
            #expect(try invoice(shop, shop.purchased()).buyer.name == "Renamed Ltd")
            try shop.expectSoundMoney()
        }
    }

    @Test("An organization without a name is printed by its id, at another rate of tax and in yen")
    func plain() throws {
        try Shop.with("plaininvoice", [.tokenInvoiceTaxRate: "0.075"]) { shop in
            try shop.card()
            let found = try invoice(shop, try shop.purchased(shop.package("yen", tokens: 3, price: "100", "JPY")))
            #expect(found.buyer == InvoiceParty(name: "org-1") && found.seller.name == "Purser")
            #expect(found.totals.tax.text == "8" && found.totals.total.text == "108" && found.totals.taxes.map(\.rate.text) == ["0.075"])
            #expect(found.lines[0].description.hasPrefix("yen") && found.lines[0].quantity == 1)
        }
    }

    @Test("Numbers are one series per year and kind, without a gap, whoever fails in between")
    func series() throws {
        try Shop.with("series") { shop in
            // A second before the year ends.
            shop.world.clock.advance(seconds: 41 * 86_400 + 14 * 3_600 - 1)
            try shop.card()
            let old = try shop.purchased()
            try shop.simulator.control("faults", #"{"kind":"decline","count":1,"code":"insufficient_funds"}"#)
            #expect(try shop.buy().refusal == "payment_declined -")
            try shop.withoutMemory("invoice_counters", when: "NEW.last = 2") { try shop.buy(id: "lost") }
            let lost = try #require(try shop.world.value("SELECT purchase_reference_id FROM token_purchases WHERE status = 'processing'"))
            try shop.refund(old, 100)
            shop.world.clock.advance(seconds: 60)
            try shop.remind(lost)
            let new = try shop.purchased()
            try shop.refund(old, 100)
            try shop.refund(new, 100)
            #expect(
                try shop.world.column("SELECT number FROM invoices ORDER BY issued_at") == [
                    "INV-2026-000001", "INV-2027-000001", "INV-2027-000002",
                ])
            #expect(
                try shop.world.column("SELECT number || ' ' || invoice_number FROM credit_notes ORDER BY issued_at, number") == [
                    "CN-2026-000001 INV-2026-000001", "CN-2027-000001 INV-2026-000001", "CN-2027-000002 INV-2027-000002",
                ])
            #expect(
                try shop.world.column("SELECT concat_ws(' ', series, year, last) FROM invoice_counters ORDER BY 1") == [
                    "CN 2026 1", "CN 2027 2", "INV 2026 1", "INV 2027 2",
                ])
            try shop.expectSoundMoney()
        }
    }

    @Test("Sales on four threads take numbers in the order of time")
    func together() throws {
        try Shop.with("invoicetogether") { shop in
            let organizations = (1...8).map { "org-\($0)" }
            for organization in organizations { try shop.card(organization: organization) }
            let replies = try shop.together(
                organizations.map {
                    shop.world.delivery("billing.purchase", #"{"package_id":"starter","idempotency_key":"k"}"#, organization: $0)
                })
            #expect(replies.allSatisfy { $0.result?["status"]?.text == "completed" })
            #expect(Set(replies.compactMap { $0.result?["invoice_number"]?.text }).count == 8)
            #expect(try shop.world.value("SELECT max(count) FROM invoices") == "8")
            try shop.expectSoundMoney()
        }
    }

    @Test("billing.invoice answers the one that there is, makes one that is missing, and refuses where nothing was paid")
    func missing() throws {
        try Shop.with("missinginvoice") { shop in
            try shop.card()
            let reference = try shop.purchased()
            let there = try make(shop, reference)
            #expect(
                there.result?["number"]?.text == "INV-2026-000001" && there.result?["total_amount"]?.text == "261.00",
                "\(there.text ?? "")")
            let before = try invoice(shop, reference)
            // Only its owner can make the database forget, and it has to mean it.
            try shop.world.owner.run(
                """
                SET session_replication_role = replica;
                DELETE FROM invoices;
                UPDATE invoice_counters SET last = 0;
                SET session_replication_role = origin;
                """)
            #expect(try shop.refund(reference, 1).isOK)
            #expect(try shop.alerts() == ["invoice_missing"])
            shop.world.clock.advance(days: 1)
            let made = try make(shop, reference)
            #expect(made.result?["number"]?.text == "INV-2026-000001", "\(made.text ?? "")")
            let after = try invoice(shop, reference)
            #expect(after.issuedAt > before.issuedAt && after.payment == before.payment && after.totals == before.totals)
            #expect(try make(shop, reference).result?["number"]?.text == "INV-2026-000001")
            #expect(try shop.world.events().count { $0.type == "purchase.completed" } == 1)
            #expect(try shop.world.events().count { $0.type == "invoice.issued" } == 2)
            let waiting = try shop.buy(#""package_id":"starter""#, #""execute":false"#)
            #expect(try make(shop, try #require(waiting.result?["purchase_reference_id"]?.text)).refusal == "purchase_not_completed -")
        }
    }

    @Test(
        "The printed page has what the rows have, in any script",
        arguments: [
            ("株式会社サンプル商事 東京本社", "東京都千代田区丸の内1-2-3"), ("شركة المثال للتجارة المحدودة", "شارع الملك فهد"),
            ("Sample Client Ltd", "1 High Street"),
        ])
    func printed(name: String, address: String) throws {
        try Shop.with("printed", Self.seller) { shop in
            try shop.ask("billing.wallet_open", #"{"name":"\#(name)","billing_address":"\#(address)","tax_id":"T1234567890123"}"#)
            try shop.card()
            let reference = try shop.purchased()
            try shop.refund(reference, 100)
            let found = try invoice(shop, reference)
            for kind in [SaleDocument.Kind.invoice, .receipt] {
                let file = try SaleDocument.invoice(found, as: kind)
                #expect(try SaleDocument.invoice(invoice(shop, reference), as: kind) == file)
                let text = try Poppler.text(file, page: 1)
                for part in [
                    name, address, "T1234567890123", "Example Seller GmbH", "10115 Berlin", "DE123456789", "INV-2026-000001", "Business",
                    "225.00", "36.00", "261.00", "16", reference, try #require(found.payment?.transaction),
                ] { #expect(text.contains(part), "\(kind): \(part)") }
            }
            let notes = try shop.world.owner.pipeline([SaleDocuments.loadingCreditNote(number: "CN-2026-000001")])
            let note = try #require(try SaleDocuments.creditNote(in: notes[0], of: found))
            let text = try Poppler.text(SaleDocument.creditNote(note, of: found), page: 1)
            for part in [name, address, "CN-2026-000001", "INV-2026-000001", "45.00", "7.20", "52.20", reference] {
                #expect(text.contains(part), "\(part)")
            }
        }
    }
}
