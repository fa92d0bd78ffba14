public import Domain
public import Postgres

/// The tables `invoices`, `credit_notes` and `invoice_counters` (`domain.md` 14).
///
/// A document takes its number in three steps of one transaction: lock the counter, read the moment of issue, then move the counter and
/// insert the document. So numbers and moments have one order, and a transaction that is given up leaves no gap.
public enum SaleDocuments {
    /// The requests that lock a counter, the first document of a year's series making it; the last one's one row is the newest number.
    public static func locking(_ series: InvoiceSeries, year: Int64) -> [Request] {
        [Request(DocumentStatements.ensure, counter(series, year)), Request(DocumentStatements.lock, counter(series, year))]
    }

    private static func counter(_ series: InvoiceSeries, _ year: Int64) -> Parameters {
        var parameters = Parameters()
        parameters.add(text: series.rawValue)
        parameters.add(int64: year)
        return parameters
    }

    /// The requests that issue an invoice under the counter's next number, which the transaction has locked.
    public static func issuing(_ invoice: Invoice, purchase: Int64, organization: String) -> [Request] {
        guard let line = invoice.lines.first, let tax = invoice.totals.taxes.first, invoice.lines.count == 1,
            invoice.totals.taxes.count == 1
        else { preconditionFailure("a sale has one line and one rate of tax") }
        var parameters = number(invoice.number)
        parameters.add(int64: purchase)
        parameters.add(text: organization)
        parameters.add(timestamp: invoice.issuedAt.microseconds)
        parameters.add(timestampOrNil: invoice.dueAt?.microseconds)
        add(invoice.seller, to: &parameters)
        add(invoice.buyer, to: &parameters)
        parameters.add(text: line.description)
        parameters.add(int64: line.quantity)
        parameters.add(text: line.unitPrice.text)
        parameters.add(text: tax.rate.text)
        parameters.add(text: invoice.totals.net.text)
        parameters.add(text: invoice.totals.tax.text)
        parameters.add(text: invoice.totals.total.text)
        parameters.add(text: invoice.currency.code)
        parameters.add(textOrNil: invoice.payment?.gateway.rawValue)
        parameters.add(textOrNil: invoice.payment?.transaction)
        parameters.add(timestampOrNil: invoice.payment?.paidAt.microseconds)
        return [
            Request(DocumentStatements.count, counter(.invoice, invoice.number.year)), Request(DocumentStatements.issueInvoice, parameters),
        ]
    }

    /// The requests that issue a credit note under the counter's next number, which the transaction has locked.
    public static func issuing(_ note: CreditNote, refund: Int64, organization: String) -> [Request] {
        guard let tax = note.taxes.first, note.taxes.count == 1 else { preconditionFailure("a sale has one rate of tax") }
        var parameters = number(note.number)
        parameters.add(text: note.invoice.text)
        parameters.add(int64: refund)
        parameters.add(text: organization)
        parameters.add(timestamp: note.issuedAt.microseconds)
        parameters.add(int64: note.tokens)
        parameters.add(text: tax.rate.text)
        parameters.add(text: note.net.text)
        parameters.add(text: note.tax.text)
        parameters.add(text: note.total.text)
        parameters.add(text: note.total.currency.code)
        parameters.add(textOrNil: note.reason)
        return [
            Request(DocumentStatements.count, counter(.creditNote, note.number.year)), Request(DocumentStatements.issueNote, parameters),
        ]
    }

    private static func number(_ number: InvoiceNumber) -> Parameters {
        var parameters = Parameters()
        parameters.add(text: number.text)
        parameters.add(int64: number.year)
        parameters.add(int64: number.count)
        return parameters
    }

    private static func add(_ party: InvoiceParty, to parameters: inout Parameters) {
        parameters.add(text: party.name)
        parameters.add(textOrNil: party.address)
        parameters.add(textOrNil: party.taxID)
        parameters.add(textOrNil: party.email)
    }

    /// The request that reads the invoice of a purchase; read its row with `invoice(in:)`.
    public static func loadingInvoice(purchase: Int64) -> Request { finding(purchase: purchase, number: nil) }

    /// The request that reads an invoice by its number; read its row with `invoice(in:)`.
    public static func loadingInvoice(number: String) -> Request { finding(purchase: nil, number: number) }

    private static func finding(purchase: Int64?, number: String?) -> Request {
        var parameters = Parameters()
        parameters.add(int64OrNil: purchase)
        parameters.add(textOrNil: number)
        return Request(DocumentStatements.invoice, parameters)
    }

    /// The request that reads a credit note by its number; read its row with `creditNote(in:of:)`.
    public static func loadingCreditNote(number: String) -> Request {
        var parameters = Parameters()
        parameters.add(text: number)
        return Request(DocumentStatements.creditNote, parameters)
    }

    /// Reads the row of `loadingInvoice`.
    /// - Throws: `AmountError`, for a row whose lines do not come to its totals: somebody has changed it by hand.
    public static func invoice(in rows: Rows) throws(AmountError) -> Invoice? {
        guard !rows.isEmpty else { return nil }
        let currency = PurchaseRows.word(rows.text(0, 19)) { Currency($0) }
        let issuedAt = Moment(microseconds: rows.timestamp(0, 2))
        var payment: InvoicePayment?
        if let transaction = rows.textOrNil(0, 21), let paidAt = PurchaseRows.moment(rows, 0, 22) {
            payment = InvoicePayment(
                gateway: PurchaseRows.word(rows.text(0, 20)) { Gateway(rawValue: $0) }, transaction: transaction, paidAt: paidAt)
        }
        var dueDays: Int64 = 0
        if let due = PurchaseRows.moment(rows, 0, 3) { dueDays = due.since(issuedAt).microseconds / Span.days(1).microseconds }
        let line = SaleLine(
            rows.text(0, 12), quantity: rows.int64(0, 13), unitPrice: PurchaseRows.decimal(rows, 0, 14),
            net: PurchaseRows.money(rows, 0, 16, currency), taxRate: PurchaseRows.decimal(rows, 0, 15))
        return Invoice(
            number: InvoiceNumber(.invoice, issuedAt: issuedAt, count: rows.int64(0, 1)), issuedAt: issuedAt, seller: party(rows, 4),
            buyer: party(rows, 8), reference: PurchaseRows.word(rows.text(0, 18)) { PurchaseReference($0) }, lines: [line],
            totals: try SaleTotals([line], currency), payment: payment, dueDays: dueDays)
    }

    /// Whose an invoice is, from the row of `loadingInvoice`.
    public static func organization(in rows: Rows) -> String? {
        rows.isEmpty ? nil : rows.text(0, 23)
    }

    /// The request that reads the numbers of what took an invoice back, one per row.
    public static func loadingCreditNotes(ofInvoice number: String) -> Request {
        var parameters = Parameters()
        parameters.add(text: number)
        return Request(DocumentStatements.creditNotesOfInvoice, parameters)
    }

    private static func party(_ rows: Rows, _ column: Int) -> InvoiceParty {
        InvoiceParty(
            name: rows.text(0, column), address: rows.textOrNil(0, column + 1), taxID: rows.textOrNil(0, column + 2),
            email: rows.textOrNil(0, column + 3))
    }

    /// The number of the invoice that a credit note takes back, from the row of `loadingCreditNote`; nil when there is no such note.
    public static func invoiceNumber(in rows: Rows) -> String? {
        rows.isEmpty ? nil : rows.text(0, 2)
    }

    /// Reads the row of `loadingCreditNote`.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public static func creditNote(in rows: Rows, of invoice: Invoice) throws(AmountError) -> CreditNote? {
        guard !rows.isEmpty else { return nil }
        let issuedAt = Moment(microseconds: rows.timestamp(0, 1))
        return try CreditNote(
            number: InvoiceNumber(.creditNote, issuedAt: issuedAt, count: rows.int64(0, 0)), issuedAt: issuedAt, of: invoice,
            tokens: rows.int64(0, 3), net: PurchaseRows.money(rows, 0, 4, invoice.currency),
            tax: PurchaseRows.money(rows, 0, 5, invoice.currency), reason: rows.textOrNil(0, 6))
    }
}

enum DocumentStatements {
    static let ensure = Statement(
        "document_counter_ensure",
        "INSERT INTO invoice_counters (series, year, last) VALUES ($1, $2, 0) ON CONFLICT (series, year) DO NOTHING")

    /// Held until the commit: whoever comes next takes the next number, or this one again if the transaction is given up.
    static let lock = Statement(
        "document_counter_lock", "SELECT last FROM invoice_counters WHERE series = $1 AND year = $2 FOR UPDATE")

    static let count = Statement(
        "document_counter_move", "UPDATE invoice_counters SET last = last + 1 WHERE series = $1 AND year = $2")

    static let issueInvoice = Statement(
        "invoice_issue",
        """
        INSERT INTO invoices (number, year, count, purchase_id, organization_id, issued_at, due_at, seller, buyer, lines, taxes, net_amount,
            tax_amount, total_amount, currency, gateway, gateway_transaction_id, paid_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7,
            json_strip_nulls(json_build_object('name', $8, 'address', $9, 'tax_id', $10, 'email', $11)),
            json_strip_nulls(json_build_object('name', $12, 'address', $13, 'tax_id', $14, 'email', $15)),
            json_build_array(json_build_object('description', $16, 'quantity', $17, 'unit_price', $18, 'tax_rate', $19, 'net_amount', $20)),
            json_build_array(json_build_object('rate', $19, 'base', $20, 'tax', $21)),
            $20::numeric, $21::numeric, $22::numeric, $23, $24, $25, $26)
        """)

    static let issueNote = Statement(
        "credit_note_issue",
        """
        INSERT INTO credit_notes (number, year, count, invoice_number, refund_id, organization_id, issued_at, tokens, taxes, net_amount,
            tax_amount, total_amount, currency, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, json_build_array(json_build_object('rate', $9, 'base', $10, 'tax', $11)),
            $10::numeric, $11::numeric, $12::numeric, $13, $14)
        """)

    /// By its purchase or by its number, whichever is given: a unique index each.
    static let invoice = Statement(
        "invoice_find",
        """
        SELECT i.number, i.count, i.issued_at, i.due_at,
               i.seller->>'name', i.seller->>'address', i.seller->>'tax_id', i.seller->>'email',
               i.buyer->>'name', i.buyer->>'address', i.buyer->>'tax_id', i.buyer->>'email',
               i.lines->0->>'description', (i.lines->0->>'quantity')::bigint, i.lines->0->>'unit_price', i.lines->0->>'tax_rate',
               i.net_amount::text, i.tax_amount::text, p.purchase_reference_id, i.currency, i.gateway, i.gateway_transaction_id, i.paid_at,
               i.organization_id
        FROM invoices i JOIN token_purchases p ON p.id = i.purchase_id
        WHERE i.purchase_id = $1 OR i.number = $2
        """)

    static let creditNotesOfInvoice = Statement(
        "credit_notes_of_invoice", "SELECT number FROM credit_notes WHERE invoice_number = $1 ORDER BY year, count")

    static let creditNote = Statement(
        "credit_note_by_number",
        """
        SELECT count, issued_at, invoice_number, tokens, net_amount::text, tax_amount::text, reason FROM credit_notes WHERE number = $1
        """)
}
