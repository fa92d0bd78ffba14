public import Domain

/// The answer to `billing.purchase_refund`. Amounts are texts in major units (domain.md 1.1).
public struct RefundAnswer: Equatable, Sendable {
    /// The refund.
    public var refundID: Int64
    /// The purchase.
    public var reference: PurchaseReference
    /// Where the refund stands: `requested`, `sent`, `succeeded` or `failed`.
    public var status: String
    /// How many tokens are taken for it.
    public var tokens: Int64
    /// Without tax.
    public var netAmount: String
    /// The tax.
    public var taxAmount: String
    /// With tax.
    public var totalAmount: String
    /// Of the amounts; ISO 4217.
    public var currency: String
    /// Its credit note, once there is one.
    public var creditNoteNumber: String?
    /// Where the purchase stands (domain.md 7.1).
    public var purchaseStatus: String
    /// What the wallet owns now, held tokens included (domain.md 3.4).
    public var balance: Int64?
    /// What can be used now.
    public var available: Int64?

    /// An answer.
    public init(
        refundID: Int64, reference: PurchaseReference, status: String, tokens: Int64, netAmount: String, taxAmount: String,
        totalAmount: String, currency: String, creditNoteNumber: String? = nil, purchaseStatus: String, balance: Int64? = nil,
        available: Int64? = nil
    ) {
        self.refundID = refundID
        self.reference = reference
        self.status = status
        self.tokens = tokens
        self.netAmount = netAmount
        self.taxAmount = taxAmount
        self.totalAmount = totalAmount
        self.currency = currency
        self.creditNoteNumber = creditNoteNumber
        self.purchaseStatus = purchaseStatus
        self.balance = balance
        self.available = available
    }

    /// The body of a success.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    /// The body of a refusal: the refund was begun, and the gateway did not make it.
    public func refusal(_ code: ErrorCode, detail: String) -> [UInt8] {
        Answer.failure(code, detail: detail, write)
    }

    private func write(to writer: inout JSONWriter) {
        writer.member("refund_id", refundID)
        writer.member("purchase_reference_id", reference.text)
        writer.member("status", status)
        writer.member("tokens", tokens)
        writer.member("net_amount", netAmount)
        writer.member("tax_amount", taxAmount)
        writer.member("total_amount", totalAmount)
        writer.member("currency", currency)
        writer.member("credit_note_number", ifPresent: creditNoteNumber)
        writer.member("purchase_status", purchaseStatus)
        writer.member("balance", ifPresent: balance)
        writer.member("available", ifPresent: available)
    }
}
