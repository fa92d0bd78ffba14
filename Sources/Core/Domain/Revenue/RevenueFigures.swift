/// What became of the money of one currency, net of tax (`domain.md` 15).
public struct RevenueFigures: Hashable, Sendable {
    /// What completed purchases came to.
    public internal(set) var sold: Money
    /// Earned: tokens were used, repaid a debt, expired, or were taken by a correction.
    public internal(set) var recognised: Money
    /// The part of `recognised` that nobody used.
    public internal(set) var breakage: Money
    /// Still owed in tokens.
    public internal(set) var deferred: Money
    public internal(set) var refunded: Money
    public internal(set) var disputed: Money

    init(_ currency: Currency) {
        sold = .zero(currency)
        recognised = .zero(currency)
        breakage = .zero(currency)
        deferred = .zero(currency)
        refunded = .zero(currency)
        disputed = .zero(currency)
    }

    /// sold = recognised + deferred + refunded + disputed, always.
    public var addsUp: Bool {
        let parts = [recognised, deferred, refunded, disputed].reduce(Int128(0)) { $0 + Int128($1.minorUnits) }
        return parts == Int128(sold.minorUnits)
    }
}
