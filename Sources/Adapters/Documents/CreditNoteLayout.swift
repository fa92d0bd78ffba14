import Domain
import PDF

/// What stands where on a credit note. Its amounts are negative, so that none can be taken for one to be paid.
struct CreditNoteLayout {
    let note: CreditNote
    /// The one that is corrected, where it is at hand.
    let invoice: Invoice?

    var document: PDFDocument {
        Letterhead(title: "Credit note", number: note.number, issuedAt: note.issuedAt, seller: note.seller, buyer: note.buyer)
            .document(
                subject: "Credit note for invoice \(note.invoice.text)", mark: nil,
                facts: [
                    PDFPair("Credit note number", note.number.text), PDFPair("Issued", Printed.date(note.issuedAt)),
                    PDFPair("Corrects invoice", note.invoice.text), PDFPair("Invoice issued", Printed.date(note.invoiceIssuedAt)),
                ], blocks: blocks)
    }

    private var blocks: [PDFBlock] {
        var blocks: [PDFBlock] = [.table(lines), .space(4), .totals(totals)]
        if let reason = note.reason, !reason.isEmpty { blocks += [.space(10), .heading("Reason"), .paragraph(reason)] }
        return blocks + [.space(10), .heading("Original sale"), .pairs(sale)]
    }

    private var lines: PDFTable {
        PDFTable(
            columns: [.init("Taken back"), .init("Quantity", .trailing), .init("Tax", .trailing), .init("Net", .trailing)],
            rows: note.taxes.map { [description, quantity, Printed.rate($0.rate), Printed.taken($0.base)] })
    }

    /// What had been sold, as the invoice called it.
    private var description: String {
        guard let invoice else { return "Part of invoice \(note.invoice.text)" }
        return invoice.lines.map(\.description).joined(separator: "\n")
    }

    /// A period of an unlimited subscription has no tokens to take.
    private var quantity: String { note.tokens == 0 ? "" : Printed.tokens(note.tokens) }

    private var totals: [PDFTotal] {
        var totals = [PDFTotal("Net", Printed.taken(note.net))]
        totals += note.taxes.map { PDFTotal("Tax \(Printed.rate($0.rate)) on \(Printed.taken($0.base))", Printed.taken($0.tax)) }
        return totals + [PDFTotal("Total credited", Printed.taken(note.total), isStrong: true)]
    }

    private var sale: [PDFPair] {
        var pairs = [PDFPair("Invoice", "\(note.invoice.text) of \(Printed.date(note.invoiceIssuedAt))")]
        if let invoice {
            pairs.append(PDFPair("Invoice total", Printed.amount(invoice.totals.total)))
            if let payment = invoice.payment {
                pairs += [
                    PDFPair("Paid on", Printed.date(payment.paidAt)), PDFPair("Paid through", Printed.gateway(payment.gateway)),
                    PDFPair("Transaction", payment.transaction),
                ]
            }
        }
        return pairs + [PDFPair("Purchase reference", note.reference.text)]
    }
}
