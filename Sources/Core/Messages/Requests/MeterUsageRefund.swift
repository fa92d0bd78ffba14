/// `meter.usage_refund`: the work failed, its tokens go back to where they came from (domain.md 5.8).
public struct MeterUsageRefund: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.meterUsageRefund

    /// The source of the debit's event; 1 to 255 bytes.
    public var source: String
    /// The id of the debit's event; 1 to 128 bytes.
    public var id: String
    /// How many tokens; nil for all that is left of the debit.
    public var tokens: Int64?
    /// Why, for the ledger.
    public var reason: String?
    /// For whom the change is made.
    public var actor: String?

    /// A refund to ask for.
    public init(source: String, id: String, tokens: Int64? = nil, reason: String? = nil, actor: String? = nil) {
        self.source = source
        self.id = id
        self.tokens = tokens
        self.reason = reason
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            MeterUsageRefund(
                source: try fields.requiredText("source", TextRule.source), id: try fields.requiredText("id", TextRule.id),
                tokens: try fields.whole("tokens", RequestRule.tokens), reason: try fields.text("reason", RequestRule.reason),
                actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("source", source)
        writer.member("id", id)
        writer.member("tokens", ifPresent: tokens)
        writer.member("reason", ifPresent: reason)
        writer.member("actor", ifPresent: actor)
    }
}
