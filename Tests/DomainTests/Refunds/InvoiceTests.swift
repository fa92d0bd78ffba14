import Domain
import Testing

@Suite("Invoices and credit notes (domain.md 14)")
struct InvoiceTests {
    private static let issued = CivilDate(year: 2026, month: 12, day: 31).start.adding(.hours(23))

    private func invoice(payment: InvoicePayment?) throws -> Invoice {
        let dollar = try #require(Currency("USD"))
        var random = SplitMix(seed: 14)
        let line = try SaleLine(
            "Starter", quantity: 1, unitPrice: ExactDecimal(tenThousandths: 500_000), currency: dollar,
            taxRate: ExactDecimal(tenThousandths: 1_600))
        return Invoice(
            number: InvoiceNumber(.invoice, issuedAt: InvoiceTests.issued, count: 1), issuedAt: InvoiceTests.issued,
            seller: InvoiceParty(name: "Seller", taxID: "DE1"), buyer: InvoiceParty(name: "株式会社"),
            reference: PurchaseReference(using: &random), lines: [line], totals: try SaleTotals([line], dollar), payment: payment,
            dueDays: 30)
    }

    @Test(
        "numbers: series, year of issue in UTC, at least six digits",
        arguments: [(Int64(1), "000001"), (999_999, "999999"), (1_000_000, "1000000"), (42, "000042")])
    func numbers(count: Int64, digits: String) {
        #expect(InvoiceNumber(.invoice, issuedAt: InvoiceTests.issued, count: count).text == "INV-2026-" + digits)
        #expect(InvoiceNumber(.creditNote, issuedAt: InvoiceTests.issued.adding(.hours(1)), count: count).text == "CN-2027-" + digits)
    }

    @Test("an unpaid invoice is due after its days; a paid one shows the payment, nothing due, and is the receipt")
    func due() throws {
        let open = try invoice(payment: nil)
        #expect(open.dueAt == InvoiceTests.issued.adding(.days(30)) && open.amountDue.text == "58.00" && !open.isReceipt)
        let paid = try invoice(payment: InvoicePayment(gateway: .stripe, transaction: "pi_1", paidAt: InvoiceTests.issued))
        #expect(paid.dueAt == nil && paid.amountDue.minorUnits == 0 && paid.isReceipt && paid.payment?.transaction == "pi_1")
        #expect(try paid == invoice(payment: InvoicePayment(gateway: .stripe, transaction: "pi_1", paidAt: InvoiceTests.issued)))
        #expect(paid.totals.taxes == open.totals.taxes && paid.totals.taxes.map(\.tax.text) == ["8.00"])
    }

    @Test("a credit note has its own number, names the invoice, and carries the lot's share at the invoice's rate")
    func creditNote() throws {
        let paid = try invoice(payment: InvoicePayment(gateway: .stripe, transaction: "pi_1", paidAt: InvoiceTests.issued))
        let dollar = paid.currency
        let note = try CreditNote(
            number: InvoiceNumber(.creditNote, issuedAt: InvoiceTests.issued, count: 7), issuedAt: InvoiceTests.issued, of: paid,
            tokens: 33,
            net: Money(minorUnits: 1_650, dollar), tax: Money(minorUnits: 264, dollar), reason: "unused")
        #expect(note.number.text == "CN-2026-000007" && note.invoice.text == "INV-2026-000001" && note.reference == paid.reference)
        #expect(note.total.text == "19.14" && note.taxes.map(\.rate.text) == ["0.16"] && note.taxes.map(\.base.text) == ["16.50"])
        #expect(note.seller == paid.seller && note.buyer == paid.buyer && note.tokens == 33)
    }
}
