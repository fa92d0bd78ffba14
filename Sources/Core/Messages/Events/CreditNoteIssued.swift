public import Domain

/// `credit_note.issued`: money that went back has its document.
public struct CreditNoteIssued: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.creditNoteIssued

    /// The credit note's number.
    public var number: String
    /// The invoice that it corrects.
    public var invoiceNumber: String
    /// The purchase.
    public var reference: PurchaseReference
    /// When it was issued, in microseconds since 1970.
    public var issuedAt: Int64
    /// With tax.
    public var totalAmount: String
    /// Of the amount; ISO 4217.
    public var currency: String

    /// What happened.
    public init(
        number: String, invoiceNumber: String, reference: PurchaseReference, issuedAt: Int64, totalAmount: String, currency: String
    ) {
        self.number = number
        self.invoiceNumber = invoiceNumber
        self.reference = reference
        self.issuedAt = issuedAt
        self.totalAmount = totalAmount
        self.currency = currency
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("number", number)
        writer.member("invoice_number", invoiceNumber)
        writer.member("purchase_reference_id", reference.text)
        writer.member("issued_at", timeIfPresent: issuedAt)
        writer.member("total_amount", totalAmount)
        writer.member("currency", currency)
    }
}
