import Domain

/// A wallet with its sold lots beside it, as a step that moves money loads them.
final class Shop {
    let world: Fixture
    var sold: [SoldLot] = []
    private var revenueLots: [RevenueLot] = []
    private var random = SplitMix(seed: 77)

    init(overdraft: Overdraft = .limited(0)) {
        world = Fixture(overdraft: overdraft)
    }

    /// Sells tokens for a net amount, with tax at 16 %.
    @discardableResult
    func buy(_ tokens: Int64, for net: Money, until end: Moment? = nil) throws -> PurchaseReference {
        let sale = LotSale(
            reference: PurchaseReference(using: &random), net: net, tax: try net.tax(at: ExactDecimal(tenThousandths: 1_600)))
        let credit = PurchaseCredit(tokens: tokens, sale: sale, expiresAt: end)
        _ = try world.wallet.credit(credit, cause: world.identity(), at: world.now)
        takeUp()
        return sale.reference
    }

    func lots(of reference: PurchaseReference) -> [SoldLot] {
        sold.filter { $0.sale.reference == reference }
    }

    func refund(_ reference: PurchaseReference, _ tokens: Int64?) throws -> TakenTokens {
        // A refused step leaves the caller's wallet as it was.
        var copy = world.wallet
        let taken = try copy.takeForRefund(tokens, of: lots(of: reference), reason: "unhappy", cause: world.identity(), at: world.now)
        world.wallet = copy
        return taken
    }

    func dispute(_ reference: PurchaseReference, worth disputed: Money) throws -> TakenTokens? {
        try world.wallet.takeForDispute(worthAtMost: disputed, of: lots(of: reference), cause: world.identity(), at: world.now)
    }

    func fail(_ taken: TakenTokens) throws {
        try world.wallet.returnRefund(taken, cause: world.identity(), at: world.now)
        takeUp()
    }

    func win(_ taken: TakenTokens) throws {
        try world.wallet.returnDispute(taken, cause: world.identity(), at: world.now)
        takeUp()
    }

    /// New lots that carry money are stored with it.
    private func takeUp() {
        for new in world.wallet.journal.newLots.dropFirst(revenueLots.count + skipped) {
            guard let sale = new.sale, let lot = world.wallet.lot(new.lot) else {
                skipped += 1
                continue
            }
            sold.append(SoldLot(lot: new.lot, sale: sale))
            revenueLots.append(
                RevenueLot(lot: new.lot, granted: lot.granted, net: sale.net, origin: new.origin, originSequence: new.originSequence))
        }
    }

    private var skipped = 0

    func figures() throws -> [String: RevenueFigures] {
        takeUp()
        let journal = world.wallet.journal
        return try RevenueFold.figures(lots: revenueLots, rows: journal.rows, repayments: journal.repayments)
    }

    /// Deferred by its definition: what the lots' remaining tokens are still worth (`domain.md` 15).
    func deferred() throws -> [String: Int64] {
        var sums: [String: Int64] = [:]
        for sold in sold {
            guard let lot = world.wallet.lot(sold.lot) else { continue }
            let left = try sold.sale.net.share(granted: lot.granted, taken: lot.granted - lot.remaining, count: lot.remaining)
            sums[left.currency.code, default: 0] += left.minorUnits
        }
        return sums
    }
}
