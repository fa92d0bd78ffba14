import Domain
import Messages
import Postgres
import Runtime
import Store

/// An invoice that is issued at the end of the transaction.
struct PendingInvoice {
    let purchase: Int64
    /// The charge that paid for it.
    let transaction: String
    let lot: Int64?
    /// Whether the purchase completes with it; false for an invoice that was missing.
    let tellsCompletion: Bool
}

/// A credit note that is issued at the end of the transaction.
struct PendingCreditNote {
    let refund: StoredRefund
    let invoice: Invoice
}

/// Documents take their numbers when everything else is decided, so that the counter, which all sales share, is locked for as short as
/// can be.
extension PurchaseSession {
    func issueDocuments() throws {
        let (sales, reversals) = (invoices, creditNotes)
        invoices = []
        creditNotes = []
        for pending in sales { try issue(pending) }
        for pending in reversals { try issue(pending) }
    }

    /// The next number of a series and the moment of issue, which is read after the counter is locked: numbers and moments have one
    /// order, and a year's first document has the first number of its year.
    private func number(_ series: InvoiceSeries) throws(DatabaseError) -> (InvoiceNumber, Moment) {
        var year = CivilDate(of: issueMoment()).year
        while true {
            let last = try transaction.run(SaleDocuments.locking(series, year: year))[1].int64(0, 0)
            let issuedAt = issueMoment()
            let number = InvoiceNumber(series, issuedAt: issuedAt, count: last + 1)
            if number.year == year { return (number, issuedAt) }
            year = number.year
        }
    }

    private func issueMoment() -> Moment {
        configuration.isTimeTravel ? moment : Moment(microseconds: max(lane.now, moment.microseconds))
    }

    private func issue(_ pending: PendingInvoice) throws {
        var stored = stored(pending.purchase)
        let (number, issuedAt) = try number(.invoice)
        let currency = stored.purchase.total.currency
        let invoice = Invoice(
            number: number, issuedAt: issuedAt, seller: configuration.seller, buyer: buyer, reference: stored.purchase.reference,
            lines: [stored.terms.line], totals: try SaleTotals([stored.terms.line], currency),
            payment: InvoicePayment(
                gateway: stored.purchase.gateway, transaction: pending.transaction, paidAt: stored.purchase.state.completedAt ?? moment),
            dueDays: configuration.invoiceDueDays)
        requests += SaleDocuments.issuing(invoice, purchase: stored.id, organization: organization)
        stored.invoice = number.text
        issued[stored.id] = invoice
        purchases[stored.id] = stored
        if pending.tellsCompletion {
            tellOfWallet(
                PurchaseCompleted(
                    facts: facts(stored.id), transaction: pending.transaction, lot: pending.lot, invoiceNumber: number.text,
                    completedAt: (stored.purchase.state.completedAt ?? moment).microseconds))
        }
        tell(
            InvoiceIssued(
                number: number.text, reference: stored.purchase.reference, issuedAt: issuedAt.microseconds,
                totalAmount: invoice.totals.total.text, currency: currency.code))
    }

    /// What is known of the buyer at this moment; a document never changes afterwards.
    private var buyer: InvoiceParty {
        InvoiceParty(name: contact.name ?? organization, address: contact.billingAddress, taxID: contact.taxID, email: contact.email)
    }

    private func issue(_ pending: PendingCreditNote) throws {
        let refund = pending.refund
        let (number, issuedAt) = try number(.creditNote)
        let note = try CreditNote(
            number: number, issuedAt: issuedAt, of: pending.invoice, tokens: refund.tokens, net: refund.net, tax: refund.tax,
            reason: refund.reason)
        requests += SaleDocuments.issuing(note, refund: refund.id, organization: organization)
        creditNoteNumbers[refund.id] = number.text
        tellRefund(refund, creditNote: number.text)
        tell(
            CreditNoteIssued(
                number: number.text, invoiceNumber: pending.invoice.number.text, reference: pending.invoice.reference,
                issuedAt: issuedAt.microseconds, totalAmount: note.total.text, currency: note.total.currency.code))
    }

    /// Tells that money went back.
    func tellRefund(_ refund: StoredRefund, creditNote: String?) {
        tellOfWallet(
            PurchaseRefunded(
                facts: facts(refund.purchase), refundID: refund.id, refundedTokens: refund.tokens, refundedAmount: refund.total.text,
                creditNoteNumber: creditNote, automaticReason: refund.automatic?.rawValue, reason: refund.reason))
    }
}
