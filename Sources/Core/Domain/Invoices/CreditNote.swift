/// Takes an invoice back, all or in part: it has a number of its own and names the invoice (`domain.md` 14.1).
public struct CreditNote: Hashable, Sendable {
    public let number: InvoiceNumber
    public let issuedAt: Moment
    /// The invoice that it corrects, and when that was issued.
    public let invoice: InvoiceNumber
    public let invoiceIssuedAt: Moment
    public let seller: InvoiceParty
    public let buyer: InvoiceParty
    public let reference: PurchaseReference
    /// Tokens that were taken; 0 for a period of an unlimited subscription.
    public let tokens: Int64
    /// What is given back, as positive amounts; base and tax per rate.
    public let taxes: [TaxLine]
    public let net: Money
    public let tax: Money
    public let total: Money
    public let reason: String?

    /// - Parameters:
    ///   - invoice: all of whose lines are of one rate, as every sale of ours is.
    ///   - net: the lots' own share (`domain.md` 1.4), not computed again: parts add up to the invoice.
    ///   - tax: likewise.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public init(
        number: InvoiceNumber, issuedAt: Moment, of invoice: Invoice, tokens: Int64, net: Money, tax: Money, reason: String?
    ) throws(AmountError) {
        precondition(invoice.totals.taxes.count == 1, "a sale has one rate of tax")
        self.number = number
        self.issuedAt = issuedAt
        self.invoice = invoice.number
        invoiceIssuedAt = invoice.issuedAt
        seller = invoice.seller
        buyer = invoice.buyer
        reference = invoice.reference
        self.tokens = tokens
        taxes = invoice.totals.taxes.map { TaxLine(rate: $0.rate, base: net, tax: tax) }
        self.net = net
        self.tax = tax
        total = try net.plus(tax)
        self.reason = reason
    }
}
