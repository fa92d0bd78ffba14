import Documents
import Domain
import PurserTesting
import Testing

@Suite("Documents of invoices and receipts (domain.md 14.2, 14.3)")
struct InvoiceDocumentTests {
    private func lines(_ file: [UInt8]) throws -> [String] { try Poppler.lines(file, page: 1) }

    @Test("a paid invoice, line by line: both parties, the sale, its tax, the payment, and nothing due")
    func paid() throws {
        let file = try SaleDocument.invoice(SampleSale.invoice(payment: SampleSale.payment))
        #expect(
            try lines(file) == [
                "Tax invoice PAID",
                "Invoice number Issued Paid Amount due",
                "INV-2026-000042 20 Nov 2026 21 Nov 2026 0.00 USD",
                "From To",
                "Example Seller GmbH Sample Client Ltd",
                "Musterstraße 1 1 High Street",
                "10115 Berlin London EC1A 1BB",
                "Germany United Kingdom",
                "Tax ID DE123456789 Tax ID GB123456789",
                "billing@example.com",
                "Description Quantity Unit price Tax Net",
                "Business 1 225.00 USD 16% 225.00 USD",
                "Net 225.00 USD",
                "Tax 16% on 225.00 USD 36.00 USD",
                "Total 261.00 USD",
                "Paid on 21 Nov 2026 -261.00 USD",
                "Amount due 0.00 USD",
                "Payment",
                "Paid on 21 Nov 2026",
                "Paid through Stripe",
                "Transaction pi_3QExampleTransaction01",
                "Purchase reference REF-7Q2M9XKD4TLA0ZB8WN5VEH3RCJ",
                "Tax invoice INV-2026-000042 · 20 Nov 2026 Page 1 of 1",
                "Example Seller GmbH · Tax ID DE123456789",
            ])
    }

    @Test("the due date and the whole sum due stand on the invoice while it is unpaid, and only then")
    func due() throws {
        let open = try lines(SaleDocument.invoice(SampleSale.invoice()))
        #expect(open.contains("INV-2026-000042 20 Nov 2026 20 Dec 2026 261.00 USD"))
        #expect(open.contains("Due by 20 Dec 2026") && open.contains("Amount due 261.00 USD"))
        #expect(open.contains("Tax invoice") && !open.contains { $0.contains("Paid") || $0.contains("PAID") || $0.contains("Transaction") })
        let paid = try lines(SaleDocument.invoice(SampleSale.invoice(payment: SampleSale.payment)))
        #expect(!paid.contains { $0.contains("Dec 2026") || $0.contains("Due") })
    }

    @Test("a receipt is the paid invoice by another name, and shows what was paid")
    func receipt() throws {
        let invoice = try SampleSale.invoice(payment: SampleSale.payment)
        let receipt = try lines(SaleDocument.invoice(invoice, as: .receipt))
        #expect(
            receipt.starts(with: [
                "Receipt PAID", "Invoice number Issued Paid Amount paid", "INV-2026-000042 20 Nov 2026 21 Nov 2026 261.00 USD",
            ]))
        #expect(receipt.suffix(2).first == "Receipt INV-2026-000042 · 20 Nov 2026 Page 1 of 1")
        // All between the facts and the foot is the invoice's.
        #expect(try receipt.dropFirst(3).dropLast(2) == lines(SaleDocument.invoice(invoice)).dropFirst(3).dropLast(2))
    }

    @Test("an unpaid invoice has no receipt")
    func noReceipt() throws {
        let open = try SampleSale.invoice()
        #expect(throws: SaleDocumentError.unpaid) { try SaleDocument.invoice(open, as: .receipt) }
        #expect(!SaleDocumentError.unpaid.isRetriable && !SaleDocumentError.unpaid.isFatal)
        #expect(SaleDocumentError.unpaid.description == "the invoice is not paid: there is no receipt yet")
    }

    @Test("the same invoice gives the same bytes, whatever was made in between; another one gives others")
    func sameBytes() throws {
        let invoice = try SampleSale.invoice(buyer: SampleSale.buyers[0], payment: SampleSale.payment)
        let first = try SaleDocument.invoice(invoice)
        let other = try SaleDocument.invoice(SampleSale.invoice(buyer: SampleSale.buyers[1], payment: SampleSale.payment))
        let receipt = try SaleDocument.invoice(invoice, as: .receipt)
        #expect(try SaleDocument.invoice(invoice) == first)
        #expect(try SaleDocument.invoice(SampleSale.invoice(buyer: SampleSale.buyers[0], payment: SampleSale.payment)) == first)
        #expect(first != other && first != receipt)
    }

    @Test("the file carries its number, its seller and the moment of issue, not that of its making")
    func metadata() throws {
        let information = try Poppler.output(of: "pdfinfo", SaleDocument.invoice(SampleSale.invoice()), "-isodates")
        let lines = Set(information.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") })
        let expected: Set = [
            "Title: Tax invoice INV-2026-000042", "Author: Example Seller GmbH", "CreationDate: 2026-11-20T11:00:00Z",
            "ModDate: 2026-11-20T11:00:00Z", "Pages: 1", "Page size: 595.276 x 841.89 pts (A4)",
        ]
        #expect(lines.isSuperset(of: expected))
    }

    @Test(
        "amounts have the decimals of their currency, the code beside them",
        arguments: [
            ("USD", "0.0125", 1_000 as Int64, ["Tokens 1000 0.0125 USD 16% 12.50 USD", "Net 12.50 USD", "Total 14.50 USD"]),
            ("JPY", "100", 25, ["Tokens 25 100 JPY 16% 2500 JPY", "Tax 16% on 2500 JPY 400 JPY", "Total 2900 JPY"]),
            ("KWD", "0.5", 3, ["Tokens 3 0.500 KWD 16% 1.500 KWD", "Tax 16% on 1.500 KWD 0.240 KWD", "Total 1.740 KWD"]),
        ])
    func currencies(code: String, price: String, quantity: Int64, expected: [String]) throws {
        let line = try SampleSale.line("Tokens", quantity: quantity, price: price, code)
        let printed = try lines(SaleDocument.invoice(SampleSale.invoice([line])))
        for text in expected { #expect(printed.contains(text)) }
    }

    @Test("each rate of tax has its base and its sum, and several have one in all")
    func rates() throws {
        let invoice = try SampleSale.invoice([
            SampleSale.line(), SampleSale.line("Handbook", quantity: 2, price: "10.00", tax: "0.0775"),
            SampleSale.line("Training", price: "50.00", tax: "0"),
        ])
        let printed = try lines(SaleDocument.invoice(invoice))
        let totals = printed.drop { $0 != "Net 295.00 USD" }.prefix(6)
        #expect(
            totals.elementsEqual([
                "Net 295.00 USD", "Tax 0% on 50.00 USD 0.00 USD", "Tax 7.75% on 20.00 USD 1.55 USD", "Tax 16% on 225.00 USD 36.00 USD",
                "Tax in all 37.55 USD", "Total 332.55 USD",
            ]))
    }

    @Test("who has no tax number issues no tax invoice, and what is not given leaves no empty line")
    func bareParties() throws {
        let bare = InvoiceParty(name: "Seller", address: "", taxID: nil, email: nil)
        let printed = try lines(SaleDocument.invoice(SampleSale.invoice(seller: bare, buyer: InvoiceParty(name: "Buyer"))))
        #expect(printed.starts(with: ["Invoice", "Invoice number Issued Due Amount due"]))
        #expect(printed.contains("Seller Buyer") && !printed.contains { $0.contains("Tax ID") })
    }
}
