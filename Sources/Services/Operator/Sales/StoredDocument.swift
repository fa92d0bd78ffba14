import Documents
import Domain
import Messages
import Postgres
import Runtime
import Store

/// An invoice or a credit note as its row says.
enum StoredDocument {
    /// With whose it is, and the numbers of what took it back.
    case invoice(Invoice, organization: String, creditNotes: [String])
    case creditNote(CreditNote, of: Invoice, organization: String)

    var number: String {
        switch self {
        case .invoice(let invoice, _, _): invoice.number.text
        case .creditNote(let note, _, _): note.number.text
        }
    }

    /// - Parameter name: a number, or the reference of a purchase.
    /// - Throws: `differences` where there is none.
    static func read(_ name: String, _ session: Session) throws(CommandFailure) -> StoredDocument {
        let reference = PurchaseReference(name)
        guard reference != nil || InvoiceSeries.allCases.contains(where: { name.hasPrefix($0.rawValue + "-") }) else {
            throw .usage("DOCUMENT must be INV-... or CN-..., or the reference REF-... of a purchase")
        }
        let connection = try session.openDatabase()
        defer { connection.close() }
        if let reference { return try invoice(of: reference, on: connection) }
        if name.hasPrefix(InvoiceSeries.creditNote.rawValue) { return try creditNote(name, on: connection) }
        let rows = try database("read the invoice") { () throws(DatabaseError) in
            try connection.pipeline([SaleDocuments.loadingInvoice(number: name)])[0]
        }
        guard let found = try invoice(rows, on: connection) else { throw none(name) }
        return found
    }

    private static func invoice(of reference: PurchaseReference, on connection: DatabaseConnection) throws(CommandFailure) -> StoredDocument
    {
        let owner = try database("read the purchase") { () throws(DatabaseError) in try Purchases.owner(of: reference, on: connection) }
        guard let owner else { throw PurchaseCommands.noPurchase(reference) }
        let rows = try database("read the invoice") { () throws(DatabaseError) in
            try connection.pipeline([SaleDocuments.loadingInvoice(purchase: owner.purchase)])[0]
        }
        guard let found = try invoice(rows, on: connection) else {
            throw CommandFailure(
                .differences, "\(reference.text) has no invoice: only a completed purchase has one",
                hint: "purser purchase trace \(reference.text)")
        }
        return found
    }

    private static func invoice(_ rows: Rows, on connection: DatabaseConnection) throws(CommandFailure) -> StoredDocument? {
        guard let invoice = try parsed({ () throws(AmountError) in try SaleDocuments.invoice(in: rows) }),
            let organization = SaleDocuments.organization(in: rows)
        else { return nil }
        let notes = try database("read the credit notes") { () throws(DatabaseError) in
            try connection.pipeline([SaleDocuments.loadingCreditNotes(ofInvoice: invoice.number.text)])[0]
        }
        return .invoice(invoice, organization: organization, creditNotes: (0..<notes.count).map { notes.text($0, 0) })
    }

    private static func creditNote(_ number: String, on connection: DatabaseConnection) throws(CommandFailure) -> StoredDocument {
        let rows = try database("read the credit note") { () throws(DatabaseError) in
            try connection.pipeline([SaleDocuments.loadingCreditNote(number: number)])[0]
        }
        guard let invoiceNumber = SaleDocuments.invoiceNumber(in: rows) else { throw none(number) }
        let invoiceRows = try database("read the invoice") { () throws(DatabaseError) in
            try connection.pipeline([SaleDocuments.loadingInvoice(number: invoiceNumber)])[0]
        }
        guard case .invoice(let invoice, let organization, _)? = try invoice(invoiceRows, on: connection),
            let note = try parsed({ () throws(AmountError) in try SaleDocuments.creditNote(in: rows, of: invoice) })
        else { throw none(number) }
        return .creditNote(note, of: invoice, organization: organization)
    }

    private static func none(_ number: String) -> CommandFailure {
        CommandFailure(.differences, "there is no document \(number)", hint: "purser invoice list")
    }

    /// The database refuses rows whose amounts do not add up; somebody with more rights can still have written them.
    private static func parsed<Value>(_ read: () throws(AmountError) -> Value?) throws(CommandFailure) -> Value? {
        do throws(AmountError) {
            return try read()
        } catch {
            throw CommandFailure(.data, "the amounts of the document do not add up: its row was changed by hand")
        }
    }

    // MARK: Showing

    /// The PDF file. - Throws: `differences` for the receipt of an unpaid invoice.
    func file(as kind: SaleDocument.Kind) throws(CommandFailure) -> [UInt8] {
        if kind == .receipt, case .creditNote = self { throw .usage("--receipt is for invoices: a credit note is no payment") }
        do throws(SaleDocumentError) {
            switch self {
            case .invoice(let invoice, _, _): return try SaleDocument.invoice(invoice, as: kind)
            case .creditNote(let note, let invoice, _): return try SaleDocument.creditNote(note, of: invoice)
            }
        } catch {
            throw CommandFailure(error == .unpaid ? .differences : .software, "\(number): \(error.description)")
        }
    }

    var facts: Facts {
        switch self {
        case .invoice(let invoice, let organization, let notes): StoredDocument.facts(invoice, organization, notes)
        case .creditNote(let note, _, let organization): StoredDocument.facts(note, organization)
        }
    }

    private static func facts(_ invoice: Invoice, _ organization: String, _ creditNotes: [String]) -> Facts {
        var facts = [
            Fact("number", .text(invoice.number.text)), Fact("issued_at", .moment(invoice.issuedAt)),
            Fact("organization", .text(organization)), Fact("purchase_reference_id", .text(invoice.reference.text)),
        ]
        facts += party("seller", invoice.seller) + party("buyer", invoice.buyer)
        for line in invoice.lines {
            facts += [
                Fact("description", .text(line.description)), Fact("quantity", .number(line.quantity)),
                Fact("unit_price", .text(line.unitPrice.text(decimals: invoice.currency.decimals))),
                Fact("tax_rate", .text(line.taxRate.text)),
            ]
        }
        return Facts(
            facts + [
                Fact("net_amount", .amount(invoice.totals.net)), Fact("tax_amount", .amount(invoice.totals.tax)),
                Fact("total_amount", .amount(invoice.totals.total)), Fact("amount_due", .amount(invoice.amountDue)),
                Fact("currency", .text(invoice.currency.code)), Fact("due_at", .moment(invoice.dueAt)),
                Fact("paid_at", .moment(invoice.payment?.paidAt)), Fact("gateway", .text(invoice.payment?.gateway.rawValue)),
                Fact("gateway_transaction_id", .text(invoice.payment?.transaction)), Fact("credit_notes", .texts(creditNotes)),
            ])
    }

    private static func facts(_ note: CreditNote, _ organization: String) -> Facts {
        Facts(
            [
                Fact("number", .text(note.number.text)), Fact("issued_at", .moment(note.issuedAt)),
                Fact("organization", .text(organization)), Fact("invoice_number", .text(note.invoice.text)),
                Fact("purchase_reference_id", .text(note.reference.text)),
            ] + party("seller", note.seller) + party("buyer", note.buyer) + [
                Fact("tokens", .number(note.tokens)), Fact("net_amount", .amount(note.net)), Fact("tax_amount", .amount(note.tax)),
                Fact("total_amount", .amount(note.total)), Fact("currency", .text(note.total.currency.code)),
                Fact("reason", .text(note.reason)),
            ])
    }

    private static func party(_ role: String, _ party: InvoiceParty) -> [Fact] {
        [
            Fact(role, .text(party.name)), Fact("\(role)_address", .text(party.address)), Fact("\(role)_tax_id", .text(party.taxID)),
            Fact("\(role)_email", .text(party.email)),
        ]
    }
}
