import Documents
import Domain
import PurserTesting
import Testing

@Suite("Documents of credit notes (domain.md 14.1)")
struct CreditNoteDocumentTests {
    @Test("a credit note, line by line: its own number, the invoice's with its date, what is taken back and why, all negative")
    func whole() throws {
        let invoice = try SampleSale.invoice(payment: SampleSale.payment)
        let file = try SaleDocument.creditNote(SampleSale.creditNote(of: invoice), of: invoice)
        #expect(
            try Poppler.lines(file, page: 1) == [
                "Credit note",
                "Credit note number Issued Corrects invoice Invoice issued",
                "CN-2026-000007 20 Dec 2026 INV-2026-000042 20 Nov 2026",
                "From To",
                "Example Seller GmbH Sample Client Ltd",
                "Musterstraße 1 1 High Street",
                "10115 Berlin London EC1A 1BB",
                "Germany United Kingdom",
                "Tax ID DE123456789 Tax ID GB123456789",
                "billing@example.com",
                "Taken back Quantity Tax Net",
                "Business 100 tokens 16% -45.00 USD",
                "Net -45.00 USD",
                "Tax 16% on -45.00 USD -7.20 USD",
                "Total credited -52.20 USD",
                "Reason",
                "Tokens were not needed.",
                "Original sale",
                "Invoice INV-2026-000042 of 20 Nov 2026",
                "Invoice total 261.00 USD",
                "Paid on 21 Nov 2026",
                "Paid through Stripe",
                "Transaction pi_3QExampleTransaction01",
                "Purchase reference REF-7Q2M9XKD4TLA0ZB8WN5VEH3RCJ",
                "Credit note CN-2026-000007 · 20 Dec 2026 Page 1 of 1",
                "Example Seller GmbH · Tax ID DE123456789",
            ])
    }

    @Test("without the invoice at hand it still names it; a period without tokens and a credit without reason leave their places out")
    func alone() throws {
        let invoice = try SampleSale.invoice([SampleSale.line(tax: "0")], payment: SampleSale.payment)
        let file = try SaleDocument.creditNote(SampleSale.creditNote(of: invoice, tokens: 0, reason: nil))
        let lines = try Poppler.lines(file, page: 1)
        #expect(lines.contains("Part of invoice INV-2026-000042 0% -45.00 USD") && lines.contains("Tax 0% on -45.00 USD 0.00 USD"))
        #expect(lines.contains("Invoice INV-2026-000042 of 20 Nov 2026") && !lines.contains("Reason") && !lines.contains("Invoice total"))
    }

    @Test("the same credit note gives the same bytes")
    func sameBytes() throws {
        let invoice = try SampleSale.invoice(buyer: SampleSale.buyers[1], payment: SampleSale.payment)
        let note = try SampleSale.creditNote(of: invoice)
        #expect(try SaleDocument.creditNote(note, of: invoice) == SaleDocument.creditNote(note, of: invoice))
    }

    @Test("an invoice that it does not correct is refused")
    func anotherInvoice() throws {
        let note = try SampleSale.creditNote(of: SampleSale.invoice(payment: SampleSale.payment))
        let other = try SampleSale.invoice(payment: SampleSale.payment, count: 43)
        #expect(throws: SaleDocumentError.anotherInvoice) { try SaleDocument.creditNote(note, of: other) }
    }
}
