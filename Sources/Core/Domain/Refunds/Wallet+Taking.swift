/// Why tokens of a purchase could not be taken back.
public enum TakingRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// All are spent, held, expired, or were taken before.
    case nothingLeft = "nothing_to_refund"
    /// More than what is neither spent nor held (`domain.md` 7.6).
    case exceedsUnspent = "refund_exceeds_unspent"
    /// So few tokens that they are worth nothing.
    case worthNothing = "refund_amount_zero"
    /// The amount is in another currency than the purchase.
    case otherCurrency = "currency_mismatch"
    case overflow
}

/// Taking tokens of a purchase back, and giving them back again (`domain.md` 7.6, 7.7).
extension Wallet {
    /// How many tokens of these lots are neither spent nor held, nor past their end.
    public func unspent(of sold: [SoldLot], at moment: Moment) -> Int64 {
        sold.reduce(0) { $0 + ((lot($1.lot).map { unspent($0, at: moment) }) ?? 0) }
    }

    private func unspent(_ lot: Lot, at moment: Moment) -> Int64 {
        lot.expiryPosted || (lot.expiresAt.map { $0 <= moment } ?? false) ? 0 : lot.unheld
    }

    /// Takes tokens for a refund as it is requested: a negative row; the money is theirs by `domain.md` 1.4.
    ///
    /// - Parameters:
    ///   - requested: nil means all that is left.
    ///   - sold: the purchase's own lots; those that came back from a refund that failed are among them.
    /// - Throws: a refusal; the caller keeps its copy.
    public mutating func takeForRefund(
        _ requested: Int64?, of sold: [SoldLot], reason: String?, cause: EventIdentity, at moment: Moment
    ) throws(TakingRefusal) -> TakenTokens {
        begin(cause, at: moment)
        let left = unspent(of: sold, at: moment)
        guard left > 0 else { throw .nothingLeft }
        let wanted = requested ?? left
        guard wanted <= left else { throw .exceedsUnspent }
        var rest = wanted
        let taken = try take(from: sold, as: .purchaseRefund, reason: reason, at: moment) { lot, _ in
            let part = min(rest, lot)
            rest -= part
            return part
        }
        guard let taken, taken.total.minorUnits > 0 else { throw .worthNothing }
        return taken
    }

    /// Takes the unheld unspent tokens that are worth at most the amount that the bank has withdrawn; nil when there are none.
    /// - Throws: a refusal; the caller keeps its copy.
    public mutating func takeForDispute(
        worthAtMost disputed: Money, of sold: [SoldLot], cause: EventIdentity, at moment: Moment
    ) throws(TakingRefusal) -> TakenTokens? {
        guard sold.allSatisfy({ $0.sale.net.currency == disputed.currency }) else { throw .otherCurrency }
        begin(cause, at: moment)
        var budget = disputed.minorUnits
        return try take(from: sold, as: .dispute, reason: nil, at: moment) { most, worth throws(AmountError) in
            var fitting: Int64 = 0
            var beyond = most + 1
            while beyond - fitting > 1 {
                let middle = fitting + (beyond - fitting) / 2
                if try worth(middle) <= budget { fitting = middle } else { beyond = middle }
            }
            budget -= try worth(fitting)
            return fitting
        }
    }

    /// Goes through the lots in the order of their numbers and takes what `choose` says, given how many there are and what so many are
    /// worth in minor units.
    private mutating func take(
        from sold: [SoldLot], as type: LedgerType, reason: String?, at moment: Moment,
        choose: (Int64, (Int64) throws(AmountError) -> Int64) throws(AmountError) -> Int64
    ) throws(TakingRefusal) -> TakenTokens? {
        guard let first = sold.first else { return nil }
        do {
            var parts: [TakenPart] = []
            for soldLot in sold.sorted(by: { $0.lot < $1.lot }) {
                guard let index = indexOfLot(soldLot.lot) else { preconditionFailure("a purchase's lots are loaded with it") }
                let lot = lots[index]
                let most = unspent(lot, at: moment)
                guard most > 0 else { continue }
                let count = try choose(most) { count throws(AmountError) in
                    let part = try Wallet.share(lot, soldLot.sale, count)
                    return try part.net.minorUnits.plus(part.tax.minorUnits)
                }
                guard count > 0 else { continue }
                let (net, tax) = try Wallet.share(lot, soldLot.sale, count)
                parts.append(
                    TakenPart(
                        lot: lot.id, tokens: count, net: net, tax: tax, priority: lot.priority,
                        lifeLeft: lot.expiresAt.map { $0.since(moment) }))
                lots[index].remaining -= count
                journal.noteChanged(lot.id)
            }
            if parts.isEmpty { return nil }
            let taken = try TakenTokens(reference: first.sale.reference, parts: parts, first.sale.net.currency)
            try record(type, -taken.tokens, occurredAt: moment, at: moment) { row in
                row.reason = reason
                row.purchaseReference = taken.reference.text
                row.draws = parts.map { Draw(.lot($0.lot), $0.tokens) }
            }
            settle(.credit, at: moment)
            return taken
        } catch {
            throw .overflow
        }
    }

    /// What the next `count` tokens of a lot are worth.
    private static func share(_ lot: Lot, _ sale: LotSale, _ count: Int64) throws(AmountError) -> (net: Money, tax: Money) {
        let taken = lot.granted - lot.remaining
        return (
            try sale.net.share(granted: lot.granted, taken: taken, count: count),
            try sale.tax.share(granted: lot.granted, taken: taken, count: count)
        )
    }

    /// Gives back what a refund that failed had taken, with the life that was left then, at least 7 days (`domain.md` 7.6).
    /// - Throws: `AmountError.overflow`; the caller keeps its copy, a retry makes no sense.
    public mutating func returnRefund(_ taken: TakenTokens, cause: EventIdentity, at moment: Moment) throws(AmountError) {
        try giveBack(taken, as: .purchaseRefund, leastLife: .days(7), cause: cause, at: moment)
    }

    /// Gives back what a dispute had taken that was won, with the life that was left then (`domain.md` 7.7).
    /// - Throws: `AmountError.overflow`; the caller keeps its copy, a retry makes no sense.
    public mutating func returnDispute(_ taken: TakenTokens, cause: EventIdentity, at moment: Moment) throws(AmountError) {
        try giveBack(taken, as: .dispute, leastLife: nil, cause: cause, at: moment)
    }

    /// Each part comes back as a lot of its own with exactly the money that it took: put back into the old lot, whose other tokens may
    /// have been used meanwhile, the same number of tokens could be worth a cent more or less.
    private mutating func giveBack(
        _ taken: TakenTokens, as type: LedgerType, leastLife: Span?, cause: EventIdentity, at moment: Moment
    ) throws(AmountError) {
        begin(cause, at: moment)
        var numbers: [Int64] = []
        for part in taken.parts {
            let life = part.lifeLeft.map { max($0, leastLife ?? $0) }
            numbers.append(
                try addLot(
                    part.tokens, kind: .paid, priority: part.priority, effectiveAt: moment, expiresAt: life.map { moment.adding($0) },
                    createdAt: moment))
        }
        let sequence = try record(type, taken.tokens, occurredAt: moment, at: moment) { $0.purchaseReference = taken.reference.text }
        for (number, part) in zip(numbers, taken.parts) {
            let sale = LotSale(reference: taken.reference, net: part.net, tax: part.tax)
            journal.newLots.append(NewLot(lot: number, origin: type, originSequence: sequence, description: nil, sale: sale))
        }
        settle(.credit, at: moment)
    }
}
