/// `meter.hold`: set tokens aside for work in progress (domain.md 6.1).
public struct MeterHold: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.meterHold

    /// Unique per organization; 1 to 128 bytes.
    public var holdID: String
    /// What will be used; 1 to 128 bytes.
    public var service: String
    /// How much of it; absent means 1.
    public var quantity: QuantityField
    /// The cost itself, for pass-through services.
    public var tokens: QuantityField
    /// After how many seconds the hold is released, 1 to 604,800.
    public var timeoutSeconds: Int64
    /// For whom the change is made.
    public var actor: String?

    /// A hold to ask for.
    public init(
        holdID: String, service: String, quantity: QuantityField = .absent, tokens: QuantityField = .absent, timeoutSeconds: Int64,
        actor: String? = nil
    ) {
        self.holdID = holdID
        self.service = service
        self.quantity = quantity
        self.tokens = tokens
        self.timeoutSeconds = timeoutSeconds
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            MeterHold(
                holdID: try fields.requiredText("hold_id", RequestRule.holdID),
                service: try fields.requiredText("service", TextRule.service), quantity: try fields.quantity("quantity"),
                tokens: try fields.quantity("tokens"),
                timeoutSeconds: try fields.requiredWhole("timeout_seconds", RequestRule.holdTimeout),
                actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("hold_id", holdID)
        writer.member("service", service)
        quantity.write("quantity", to: &writer)
        tokens.write("tokens", to: &writer)
        writer.member("timeout_seconds", timeoutSeconds)
        writer.member("actor", ifPresent: actor)
    }
}
