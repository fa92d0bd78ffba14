/// How an invoice was paid.
public struct InvoicePayment: Hashable, Sendable {
    public let gateway: Gateway
    public let transaction: String
    public let paidAt: Moment

    public init(gateway: Gateway, transaction: String, paidAt: Moment) {
        self.gateway = gateway
        self.transaction = transaction
        self.paidAt = paidAt
    }
}

/// A tax invoice: everything that is printed, fixed when it is issued. The same invoice always gives the same document.
public struct Invoice: Hashable, Sendable {
    public let number: InvoiceNumber
    public let issuedAt: Moment
    public let seller: InvoiceParty
    public let buyer: InvoiceParty
    public let reference: PurchaseReference
    public let lines: [SaleLine]
    public let totals: SaleTotals
    /// Nil while it is unpaid.
    public let payment: InvoicePayment?
    /// Nil once it is paid.
    public let dueAt: Moment?

    /// - Parameters:
    ///   - totals: those of the purchase, fixed when it was initialized.
    ///   - dueDays: `TOKEN_INVOICE_DUE_DAYS`.
    public init(
        number: InvoiceNumber, issuedAt: Moment, seller: InvoiceParty, buyer: InvoiceParty, reference: PurchaseReference,
        lines: [SaleLine], totals: SaleTotals, payment: InvoicePayment?, dueDays: Int64
    ) {
        self.number = number
        self.issuedAt = issuedAt
        self.seller = seller
        self.buyer = buyer
        self.reference = reference
        self.lines = lines
        self.totals = totals
        self.payment = payment
        dueAt = payment == nil ? issuedAt.adding(.days(dueDays)) : nil
    }

    public var currency: Currency { totals.total.currency }

    /// Nothing, once it is paid.
    public var amountDue: Money { payment == nil ? totals.total : .zero(currency) }

    /// Whether it can be shown as a receipt: the receipt is the paid invoice.
    public var isReceipt: Bool { payment != nil }
}
