/// What was paid for a lot (`domain.md` 3.1).
public struct LotSale: Hashable, Sendable {
    public let reference: PurchaseReference
    public let net: Money
    public let tax: Money

    public init(reference: PurchaseReference, net: Money, tax: Money) {
        self.reference = reference
        self.net = net
        self.tax = tax
    }
}

/// A lot of a wallet with what was paid for it; loaded by the steps that move money.
public struct SoldLot: Hashable, Sendable {
    /// The lot's number in its wallet.
    public let lot: Int64
    public let sale: LotSale

    public init(lot: Int64, sale: LotSale) {
        self.lot = lot
        self.sale = sale
    }
}
