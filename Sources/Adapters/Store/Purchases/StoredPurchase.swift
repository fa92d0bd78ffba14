public import Domain

/// A purchase with everything that its row keeps beside the rules' own state.
public struct StoredPurchase: Sendable {
    /// 0 until it is inserted.
    public var id: Int64
    public let organization: String
    public var purchase: Purchase
    public let terms: PurchaseTerms
    /// Which saved method pays; nil for a page.
    public var paymentMethod: String?
    /// The page on which the customer pays, or has to act.
    public var pageURL: String?
    /// The gateway's id of the page.
    public var gatewayObject: String?
    /// What the wallet owned right after it completed (`domain.md` 10.1).
    public var ownAfter: Int64?
    /// Whether another purchase of the scope completed since the newest attempt was made (`domain.md` 7.8).
    public let hasSuccessor: Bool
    /// The number of its invoice.
    public var invoice: String?

    public init(
        id: Int64 = 0, organization: String, purchase: Purchase, terms: PurchaseTerms, paymentMethod: String? = nil, pageURL: String? = nil,
        gatewayObject: String? = nil, ownAfter: Int64? = nil, hasSuccessor: Bool = false, invoice: String? = nil
    ) {
        self.id = id
        self.organization = organization
        self.purchase = purchase
        self.terms = terms
        self.paymentMethod = paymentMethod
        self.pageURL = pageURL
        self.gatewayObject = gatewayObject
        self.ownAfter = ownAfter
        self.hasSuccessor = hasSuccessor
        self.invoice = invoice
    }
}

/// What was agreed upon when a purchase was initialized; none of it changes afterwards (`domain.md` 7.2, 7.3).
public struct PurchaseTerms: Sendable {
    public let line: SaleLine
    public let net: Money
    public let tax: Money
    public let package: String?
    /// The life of its lot where the package has one of its own.
    public let expirationDays: Int64?
    /// Where a hosted page returns to; nil for a saved method.
    public let page: PageAddresses?
    /// JSON as the buyer sent it.
    public let metadata: String?
    public let idempotencyKey: String?
    /// SHA-256 of what was asked for: the same key with other content is a conflict.
    public let contentDigest: [UInt8]
    /// The message that asked for it; nil for one that no message asked for.
    public let request: EventIdentity?
    public let actor: String?

    public init(
        line: SaleLine, net: Money, tax: Money, package: String?, expirationDays: Int64?, page: PageAddresses?, metadata: String?,
        idempotencyKey: String?, contentDigest: [UInt8], request: EventIdentity?, actor: String?
    ) {
        self.line = line
        self.net = net
        self.tax = tax
        self.package = package
        self.expirationDays = expirationDays
        self.page = page
        self.metadata = metadata
        self.idempotencyKey = idempotencyKey
        self.contentDigest = contentDigest
        self.request = request
        self.actor = actor
    }
}

/// Where a hosted page sends the customer.
public struct PageAddresses: Hashable, Sendable {
    public let success: String
    public let cancel: String

    public init(success: String, cancel: String) {
        self.success = success
        self.cancel = cancel
    }
}
