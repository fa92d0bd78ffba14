public import Domain
import PDF

/// The PDF files of sales (`domain.md` 14): the same invoice or credit note always gives the same bytes, on every machine with the same
/// fonts and libraries. All they show was fixed when they were issued; neither a clock nor a setting is asked.
public enum SaleDocument {
    /// What a paid invoice is shown as.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case invoice
        case receipt
    }

    /// The file of an invoice, or of the receipt that a paid one is.
    /// - Throws: `unpaid` for the receipt of an unpaid invoice: it can be had once it is paid; `drawing`.
    public static func invoice(_ invoice: Invoice, as kind: Kind = .invoice) throws(SaleDocumentError) -> [UInt8] {
        guard kind == .invoice || invoice.isReceipt else { throw .unpaid }
        return try draw(InvoiceLayout(invoice: invoice, kind: kind).document)
    }

    /// The file of a credit note.
    /// - Parameter invoice: the one that it corrects; with it the file tells what had been sold and how it was paid.
    /// - Throws: `anotherInvoice` where that has another number than the credit note names; `drawing`.
    public static func creditNote(_ note: CreditNote, of invoice: Invoice? = nil) throws(SaleDocumentError) -> [UInt8] {
        if let invoice, invoice.number != note.invoice { throw .anotherInvoice }
        return try draw(CreditNoteLayout(note: note, invoice: invoice).document)
    }

    private static func draw(_ document: PDFDocument) throws(SaleDocumentError) -> [UInt8] {
        do throws(PDFError) {
            return try PDFRenderer().render(document).bytes
        } catch {
            throw .drawing(error)
        }
    }
}
