/// A paid period of an unlimited subscription, earned day by day (`domain.md` 15).
public struct UnlimitedPeriod: Hashable, Sendable {
    public let net: Money
    public let tax: Money
    /// 00:00 of a day.
    public let startsAt: Moment
    /// Exclusive; 00:00 of a later day.
    public let endsAt: Moment

    public init(net: Money, tax: Money, startsAt: Moment, endsAt: Moment) {
        self.net = net
        self.tax = tax
        self.startsAt = startsAt
        self.endsAt = endsAt
    }

    private var days: Int64 { CivilDate(of: endsAt).daysSince1970 - CivilDate(of: startsAt).daysSince1970 }

    /// Days that are over.
    private func daysRun(at moment: Moment) -> Int64 {
        min(max(0, CivilDate(of: moment).daysSince1970 - CivilDate(of: startsAt).daysSince1970), days)
    }

    /// What is earned at a moment.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public func recognised(at moment: Moment) throws(AmountError) -> Money {
        try net.share(granted: days, taken: 0, count: daysRun(at: moment))
    }

    /// What a refund at a moment gives back: the days that have not run (`domain.md` 7.6).
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public func refundable(at moment: Moment) throws(AmountError) -> (net: Money, tax: Money) {
        let run = daysRun(at: moment)
        return (
            try net.share(granted: days, taken: run, count: days - run), try tax.share(granted: days, taken: run, count: days - run)
        )
    }
}
