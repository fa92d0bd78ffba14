public import Domain

/// What every event about a purchase says of it. Amounts are texts in major units (domain.md 1.1).
public struct PurchaseFacts: Equatable, Sendable {
    /// The purchase.
    public var reference: PurchaseReference
    /// `one_time`, `subscription` or `auto_topup`.
    public var type: String
    /// Where it stands after what happened (domain.md 7.1).
    public var status: String
    /// How many tokens it is of.
    public var tokens: Int64
    /// Without tax.
    public var netAmount: String
    /// The tax.
    public var taxAmount: String
    /// With tax.
    public var totalAmount: String
    /// Of the amounts; ISO 4217.
    public var currency: String
    /// Who moves the money.
    public var gateway: String
    /// The package, where one is bought.
    public var packageID: String?
    /// `metadata` exactly as received: the text of a JSON object.
    public var metadata: String?

    /// Facts of a purchase.
    public init(
        reference: PurchaseReference, type: String, status: String, tokens: Int64, netAmount: String, taxAmount: String,
        totalAmount: String, currency: String, gateway: String, packageID: String? = nil, metadata: String? = nil
    ) {
        self.reference = reference
        self.type = type
        self.status = status
        self.tokens = tokens
        self.netAmount = netAmount
        self.taxAmount = taxAmount
        self.totalAmount = totalAmount
        self.currency = currency
        self.gateway = gateway
        self.packageID = packageID
        self.metadata = metadata
    }

    func write(to writer: inout JSONWriter) {
        writer.member("purchase_reference_id", reference.text)
        writer.member("purchase_type", type)
        writer.member("status", status)
        writer.member("tokens", tokens)
        writer.member("net_amount", netAmount)
        writer.member("tax_amount", taxAmount)
        writer.member("total_amount", totalAmount)
        writer.member("currency", currency)
        writer.member("gateway", gateway)
        writer.member("package_id", ifPresent: packageID)
        writer.member("metadata", rawIfPresent: metadata)
    }
}
