/// `meter.rate_set`: what a service costs from a moment on (domain.md 5.2). Concerns no organization.
public struct MeterRateSet: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.meterRateSet

    /// How the cost of a use is found.
    public enum Price: Equatable, Sendable {
        /// So many tokens per unit, 1 or more.
        case perUnit(Int64)
        /// The event names its tokens.
        case passThrough
    }

    /// The service; 1 to 128 bytes.
    public var service: String
    /// How the cost of a use is found.
    public var price: Price
    /// Whether a trial use may pay for it; false by default.
    public var trialEligible: Bool
    /// Whether an unlimited subscription may cover it; false by default.
    public var unlimitedEligible: Bool
    /// From when, in microseconds since 1970; nil for the moment of handling.
    public var effectiveFrom: Int64?
    /// For whom the change is made.
    public var actor: String?

    /// A rate to set.
    public init(
        service: String, price: Price, trialEligible: Bool = false, unlimitedEligible: Bool = false, effectiveFrom: Int64? = nil,
        actor: String? = nil
    ) {
        self.service = service
        self.price = price
        self.trialEligible = trialEligible
        self.unlimitedEligible = unlimitedEligible
        self.effectiveFrom = effectiveFrom
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            MeterRateSet(
                service: try fields.requiredText("service", TextRule.service), price: try Self.price(fields),
                trialEligible: try fields.flag("trial_eligible") ?? false,
                unlimitedEligible: try fields.flag("unlimited_eligible") ?? false, effectiveFrom: try fields.time("effective_from"),
                actor: try fields.text("actor", RequestRule.actor))
        }
    }

    private static func price(_ fields: FieldReader) throws(FieldProblem) -> Price {
        let tokens = try fields.whole("tokens_per_unit", RequestRule.tokens)
        let passThrough = try fields.flag("pass_through") ?? false
        switch (tokens, passThrough) {
        case (let tokens?, false): return .perUnit(tokens)
        case (nil, true): return .passThrough
        case (nil, false): throw .missing("tokens_per_unit")
        case (_?, true): throw .invalid("tokens_per_unit", "absent where pass_through is true")
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("service", service)
        switch price {
        case .perUnit(let tokens): writer.member("tokens_per_unit", tokens)
        case .passThrough: writer.member("pass_through", true)
        }
        writer.member("trial_eligible", trialEligible)
        writer.member("unlimited_eligible", unlimitedEligible)
        writer.member("effective_from", timeIfPresent: effectiveFrom)
        writer.member("actor", ifPresent: actor)
    }
}
