/// `meter.hold_release`: give back what a hold has set aside (domain.md 6.3).
public struct MeterHoldRelease: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.meterHoldRelease

    /// The hold; 1 to 128 bytes.
    public var holdID: String
    /// For whom the change is made.
    public var actor: String?

    /// A release to ask for.
    public init(holdID: String, actor: String? = nil) {
        self.holdID = holdID
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            MeterHoldRelease(
                holdID: try fields.requiredText("hold_id", RequestRule.holdID), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("hold_id", holdID)
        writer.member("actor", ifPresent: actor)
    }
}
