public import Domain

/// The answer to `billing.invoice`.
public struct InvoiceAnswer: Equatable, Sendable {
    /// The invoice's number.
    public var number: String
    /// The purchase.
    public var reference: PurchaseReference
    /// When it was issued, in microseconds since 1970.
    public var issuedAt: Int64
    /// With tax.
    public var totalAmount: String
    /// Of the amount; ISO 4217.
    public var currency: String

    /// An answer.
    public init(number: String, reference: PurchaseReference, issuedAt: Int64, totalAmount: String, currency: String) {
        self.number = number
        self.reference = reference
        self.issuedAt = issuedAt
        self.totalAmount = totalAmount
        self.currency = currency
    }

    /// The body of a success.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    private func write(to writer: inout JSONWriter) {
        writer.member("number", number)
        writer.member("purchase_reference_id", reference.text)
        writer.member("issued_at", timeIfPresent: issuedAt)
        writer.member("total_amount", totalAmount)
        writer.member("currency", currency)
    }
}
