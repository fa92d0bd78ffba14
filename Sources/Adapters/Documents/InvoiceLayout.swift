import Domain
import PDF

/// What stands where on an invoice and on a receipt.
struct InvoiceLayout {
    let invoice: Invoice
    let kind: SaleDocument.Kind

    var document: PDFDocument {
        Letterhead(title: title, number: invoice.number, issuedAt: invoice.issuedAt, seller: invoice.seller, buyer: invoice.buyer)
            .document(
                subject: "\(title) for purchase \(invoice.reference.text)", mark: invoice.payment == nil ? nil : "PAID", facts: facts,
                blocks: [.table(lines), .space(4), .totals(totals), .space(10), .heading("Payment"), .pairs(payment)])
    }

    /// Some states want these words on whatever a tax can be reclaimed by, and forbid them to sellers without a number.
    private var title: String {
        switch kind {
        case .invoice: invoice.seller.taxID == nil ? "Invoice" : "Tax invoice"
        case .receipt: "Receipt"
        }
    }

    private var facts: [PDFPair] {
        var facts = [PDFPair("Invoice number", invoice.number.text), PDFPair("Issued", Printed.date(invoice.issuedAt))]
        if let payment = invoice.payment { facts.append(PDFPair("Paid", Printed.date(payment.paidAt))) }
        if let dueAt = invoice.dueAt { facts.append(PDFPair("Due", Printed.date(dueAt))) }
        facts.append(
            kind == .receipt
                ? PDFPair("Amount paid", Printed.amount(invoice.totals.total)) : PDFPair("Amount due", Printed.amount(invoice.amountDue)))
        return facts
    }

    private var lines: PDFTable {
        PDFTable(
            columns: [
                .init("Description"), .init("Quantity", .trailing), .init("Unit price", .trailing), .init("Tax", .trailing),
                .init("Net", .trailing),
            ],
            rows: invoice.lines.map { line in
                [
                    line.description, String(line.quantity), Printed.price(line.unitPrice, line.net.currency), Printed.rate(line.taxRate),
                    Printed.amount(line.net),
                ]
            })
    }

    /// One line stands out: what is to be paid, or what the sale came to where nothing is.
    private var totals: [PDFTotal] {
        var totals = [PDFTotal("Net", Printed.amount(invoice.totals.net))]
        totals += invoice.totals.taxes.map {
            PDFTotal("Tax \(Printed.rate($0.rate)) on \(Printed.amount($0.base))", Printed.amount($0.tax))
        }
        if invoice.totals.taxes.count > 1 { totals.append(PDFTotal("Tax in all", Printed.amount(invoice.totals.tax))) }
        totals.append(PDFTotal("Total", Printed.amount(invoice.totals.total), isStrong: invoice.payment != nil))
        if let payment = invoice.payment {
            totals.append(PDFTotal("Paid on \(Printed.date(payment.paidAt))", Printed.taken(invoice.totals.total)))
        }
        totals.append(PDFTotal("Amount due", Printed.amount(invoice.amountDue), isStrong: invoice.payment == nil))
        return totals
    }

    private var payment: [PDFPair] {
        var pairs: [PDFPair] = []
        if let payment = invoice.payment {
            pairs = [
                PDFPair("Paid on", Printed.date(payment.paidAt)), PDFPair("Paid through", Printed.gateway(payment.gateway)),
                PDFPair("Transaction", payment.transaction),
            ]
        }
        if let dueAt = invoice.dueAt { pairs.append(PDFPair("Due by", Printed.date(dueAt))) }
        return pairs + [PDFPair("Purchase reference", invoice.reference.text)]
    }
}
