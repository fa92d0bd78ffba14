/// `meter.hold_capture`: use what a hold has set aside, all or part of it (domain.md 6.2).
public struct MeterHoldCapture: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.meterHoldCapture

    /// The hold; 1 to 128 bytes.
    public var holdID: String
    /// How many of its tokens, from 0 (which releases it).
    public var tokens: Int64
    /// For whom the change is made.
    public var actor: String?

    /// A capture to ask for.
    public init(holdID: String, tokens: Int64, actor: String? = nil) {
        self.holdID = holdID
        self.tokens = tokens
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            MeterHoldCapture(
                holdID: try fields.requiredText("hold_id", RequestRule.holdID),
                tokens: try fields.requiredWhole("tokens", RequestRule.tokensOrNone), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("hold_id", holdID)
        writer.member("tokens", tokens)
        writer.member("actor", ifPresent: actor)
    }
}
