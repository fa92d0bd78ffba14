/// `purchase.completed`: a purchase is paid, and its tokens are in the wallet (domain.md 7.5).
public struct PurchaseCompleted: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.purchaseCompleted

    /// The purchase.
    public var facts: PurchaseFacts
    /// The gateway's charge.
    public var transaction: String
    /// The lot that its tokens are, numbered within the wallet; nil where it has none.
    public var lot: Int64?
    /// Its invoice.
    public var invoiceNumber: String
    /// When it was paid, in microseconds since 1970.
    public var completedAt: Int64

    /// What happened.
    public init(facts: PurchaseFacts, transaction: String, lot: Int64? = nil, invoiceNumber: String, completedAt: Int64) {
        self.facts = facts
        self.transaction = transaction
        self.lot = lot
        self.invoiceNumber = invoiceNumber
        self.completedAt = completedAt
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        facts.write(to: &writer)
        writer.member("gateway_transaction_id", transaction)
        writer.member("lot_id", ifPresent: lot)
        writer.member("invoice_number", invoiceNumber)
        writer.member("completed_at", timeIfPresent: completedAt)
    }
}
