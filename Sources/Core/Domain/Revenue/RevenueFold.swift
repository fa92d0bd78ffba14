/// A lot as far as its money goes.
public struct RevenueLot: Hashable, Sendable {
    public let lot: Int64
    public let granted: Int64
    public let net: Money
    /// What brought it: a purchase, or a refund or dispute that gave tokens back.
    public let origin: LedgerType
    public let originSequence: Int64

    public init(lot: Int64, granted: Int64, net: Money, origin: LedgerType, originSequence: Int64) {
        self.lot = lot
        self.granted = granted
        self.net = net
        self.origin = origin
        self.originSequence = originSequence
    }
}

/// The figures of one wallet, by going through its ledger from the first row (`domain.md` 15).
///
/// Each row moves tokens of lots, and with them the shares of the lots' money: what n tokens are worth depends on how many were taken
/// before, so the order is that in which it happened. Lots that nobody paid for count nothing.
public struct RevenueFold: Sendable {
    private struct Account {
        let lot: RevenueLot
        var taken: Int64 = 0
    }

    private var waiting: [Int64: [RevenueLot]]
    private var accounts: [Int64: Account] = [:]
    /// By currency code.
    public private(set) var figures: [String: RevenueFigures] = [:]

    /// - Parameter lots: those of the wallet that were paid for.
    public init(lots: [RevenueLot]) {
        waiting = Dictionary(grouping: lots, by: \.originSequence)
    }

    /// All of a wallet's history at once.
    ///
    /// - Parameters:
    ///   - rows: in sequence.
    ///   - repayments: in the order in which they were made.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public static func figures(
        lots: [RevenueLot], rows: [LedgerRow], repayments: [Repayment]
    ) throws(AmountError) -> [String: RevenueFigures] {
        var fold = RevenueFold(lots: lots)
        let repaid = Dictionary(grouping: repayments, by: \.after)
        for row in rows {
            try fold.add(row)
            for repayment in repaid[row.sequence] ?? [] { try fold.add(repayment) }
        }
        return fold.figures
    }

    /// Goes one row on.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public mutating func add(_ row: LedgerRow) throws(AmountError) {
        for lot in waiting.removeValue(forKey: row.sequence) ?? [] { try begin(lot) }
        switch row.type {
        case .purchase, .grant, .allowance: return
        case .usage: try take(row.draws, \.recognised)
        case .usageRefund:
            // Undone last first, as the refund has drawn them.
            for draw in row.draws { try move(draw, by: -draw.tokens, [\.recognised]) }
        case .expiry:
            for draw in row.draws { try move(draw, by: draw.tokens, [\.recognised, \.breakage]) }
        case .adjustment: try take(row.draws, \.recognised)
        case .purchaseRefund: try take(row.draws, \.refunded)
        case .dispute: try take(row.draws, \.disputed)
        }
    }

    /// Overdraft is earned when it is repaid. What a usage refund gave back to the lot stands in the refund's own row.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public mutating func add(_ repayment: Repayment) throws(AmountError) {
        guard repayment.tokens > 0 else { return }
        try take([Draw(.lot(repayment.lot), repayment.tokens)], \.recognised)
    }

    private mutating func begin(_ lot: RevenueLot) throws(AmountError) {
        accounts[lot.lot] = Account(lot: lot)
        var figures = figures[lot.net.currency.code] ?? RevenueFigures(lot.net.currency)
        figures.deferred = try figures.deferred.plus(lot.net)
        switch lot.origin {
        case .purchaseRefund: figures.refunded = try figures.refunded.minus(lot.net)
        case .dispute: figures.disputed = try figures.disputed.minus(lot.net)
        default: figures.sold = try figures.sold.plus(lot.net)
        }
        self.figures[lot.net.currency.code] = figures
    }

    private mutating func take(_ draws: [Draw], _ place: WritableKeyPath<RevenueFigures, Money>) throws(AmountError) {
        for draw in draws { try move(draw, by: draw.tokens, [place]) }
    }

    /// Moves the worth of tokens out of what is deferred, or back.
    private mutating func move(
        _ draw: Draw, by tokens: Int64, _ places: [WritableKeyPath<RevenueFigures, Money>]
    ) throws(AmountError) {
        guard case .lot(let number) = draw.source, var account = accounts[number] else { return }
        let lot = account.lot
        guard var figures = figures[lot.net.currency.code] else { return }
        let worth = try lot.net.share(granted: lot.granted, taken: account.taken, count: tokens)
        account.taken += tokens
        accounts[number] = account
        figures.deferred = try figures.deferred.minus(worth)
        for place in places { figures[keyPath: place] = try figures[keyPath: place].plus(worth) }
        self.figures[lot.net.currency.code] = figures
    }
}
