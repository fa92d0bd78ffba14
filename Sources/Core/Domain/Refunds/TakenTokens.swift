/// Tokens that a refund or a dispute took from one lot, and what they are worth.
public struct TakenPart: Hashable, Sendable {
    public let lot: Int64
    public let tokens: Int64
    public let net: Money
    public let tax: Money
    public let priority: Int16
    /// How long they could still have been used; nil: for ever.
    public let lifeLeft: Span?

    public init(lot: Int64, tokens: Int64, net: Money, tax: Money, priority: Int16, lifeLeft: Span?) {
        self.lot = lot
        self.tokens = tokens
        self.net = net
        self.tax = tax
        self.priority = priority
        self.lifeLeft = lifeLeft
    }
}

/// All that a refund or a dispute took from one purchase.
public struct TakenTokens: Hashable, Sendable {
    public let reference: PurchaseReference
    /// At least one.
    public let parts: [TakenPart]
    public let tokens: Int64
    public let net: Money
    public let tax: Money
    /// Net and tax: what the customer gets back.
    public let total: Money

    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public init(reference: PurchaseReference, parts: [TakenPart], _ currency: Currency) throws(AmountError) {
        var tokens: Int64 = 0
        var net = Money.zero(currency)
        var tax = Money.zero(currency)
        for part in parts {
            tokens = try tokens.plus(part.tokens)
            net = try net.plus(part.net)
            tax = try tax.plus(part.tax)
        }
        self.reference = reference
        self.parts = parts
        self.tokens = tokens
        self.net = net
        self.tax = tax
        total = try net.plus(tax)
    }
}
