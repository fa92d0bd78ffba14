/// The answer to `meter.rate_set`.
public struct RateAnswer: Equatable, Sendable {
    /// The service.
    public var service: String
    /// How the cost of a use is found.
    public var price: MeterRateSet.Price
    /// Whether a trial use may pay for it.
    public var trialEligible: Bool
    /// Whether an unlimited subscription may cover it.
    public var unlimitedEligible: Bool
    /// From when, in microseconds since 1970.
    public var effectiveFrom: Int64

    /// An answer.
    public init(service: String, price: MeterRateSet.Price, trialEligible: Bool, unlimitedEligible: Bool, effectiveFrom: Int64) {
        self.service = service
        self.price = price
        self.trialEligible = trialEligible
        self.unlimitedEligible = unlimitedEligible
        self.effectiveFrom = effectiveFrom
    }

    /// The body of a success.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    func write(to writer: inout JSONWriter) {
        MeterRateSet(
            service: service, price: price, trialEligible: trialEligible, unlimitedEligible: unlimitedEligible,
            effectiveFrom: effectiveFrom
        ).write(to: &writer)
    }
}
