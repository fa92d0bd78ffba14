/// The tokens of a purchase, on their way into a wallet.
public struct PurchaseCredit: Hashable, Sendable {
    /// At least 1.
    public let tokens: Int64
    public let sale: LotSale
    /// Nil: never.
    public let expiresAt: Moment?
    public let description: String?
    /// The buyer's JSON, unchanged (`domain.md` 7.2).
    public let metadata: String?

    public init(tokens: Int64, sale: LotSale, expiresAt: Moment? = nil, description: String? = nil, metadata: String? = nil) {
        self.tokens = tokens
        self.sale = sale
        self.expiresAt = expiresAt
        self.description = description
        self.metadata = metadata
    }

    /// When purchased tokens end (`domain.md` 12.2): at the first midnight at which they have lived their days in full.
    public static func end(completedAt moment: Moment, days: Int64) -> Moment {
        let full = moment.adding(.days(days))
        let midnight = CivilDate(of: full).start
        return midnight == full ? full : midnight.adding(.days(1))
    }
}

extension Wallet {
    /// Credits a completed purchase as a paid lot, and repays from it what is owed (`domain.md` 7.5); answers the lot's number.
    /// - Throws: `AmountError.overflow`; the caller keeps its copy, a retry makes no sense.
    public mutating func credit(_ purchase: PurchaseCredit, cause: EventIdentity, at moment: Moment) throws(AmountError) -> Int64 {
        begin(cause, at: moment)
        let lot = try addLot(purchase.tokens, kind: .paid, effectiveAt: moment, expiresAt: purchase.expiresAt, createdAt: moment)
        let sequence = try record(.purchase, purchase.tokens, occurredAt: moment, at: moment) { row in
            row.purchaseReference = purchase.sale.reference.text
            row.description = purchase.description
            row.metadata = purchase.metadata
        }
        journal.newLots.append(
            NewLot(lot: lot, origin: .purchase, originSequence: sequence, description: purchase.description, sale: purchase.sale))
        settle(.credit, at: moment)
        return lot
    }
}
