/// The price of a service in tokens from one moment on (`domain.md` 5.2, U2).
public struct Rate: Hashable, Sendable {
    /// What a unit costs.
    public enum Price: Hashable, Sendable {
        /// Tokens per unit, at least 1.
        case perUnit(Int64)
        /// The event carries its own token count.
        case passThrough
    }

    public var price: Price
    public var effectiveFrom: Moment
    /// Whether a trial use may pay for it.
    public var trialEligible: Bool
    /// Whether an unlimited subscription that names no services, but all of them, covers it.
    public var unlimitedEligible: Bool

    public init(price: Price, effectiveFrom: Moment, trialEligible: Bool, unlimitedEligible: Bool) {
        self.price = price
        self.effectiveFrom = effectiveFrom
        self.trialEligible = trialEligible
        self.unlimitedEligible = unlimitedEligible
    }
}

/// Every service's rates, in the order of their dates.
public struct RateBook: Sendable {
    private var rates: [ExactText: [Rate]] = [:]

    public init() {}

    /// Adds a rate, or replaces the one of the same service and date.
    public mutating func set(_ rate: Rate, for service: String) {
        let service = ExactText(service)
        var list = rates[service] ?? []
        list.removeAll { $0.effectiveFrom == rate.effectiveFrom }
        let place = list.firstIndex { $0.effectiveFrom > rate.effectiveFrom } ?? list.endIndex
        list.insert(rate, at: place)
        rates[service] = list
    }

    /// The rate at a moment; the first one holds for all earlier times too (`domain.md` 5.2). Nil: unknown service.
    public func rate(of service: String, at moment: Moment) -> Rate? {
        guard let list = rates[ExactText(service)] else { return nil }
        return list.last { $0.effectiveFrom <= moment } ?? list.first
    }
}
