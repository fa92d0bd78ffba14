/// `billing.adjust`: a correction by staff, up or down (product.md W7, domain.md 4.2).
public struct BillingAdjust: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.adjust

    /// How many tokens more or fewer; not 0, at most 10^15 either way.
    public var tokens: Int64
    /// Why; staff have to say it.
    public var reason: String
    /// For whom the change is made.
    public var actor: String?

    /// A correction to ask for.
    public init(tokens: Int64, reason: String, actor: String? = nil) {
        self.tokens = tokens
        self.reason = reason
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            let adjust = BillingAdjust(
                tokens: try fields.requiredWhole("tokens", RequestRule.signedTokens),
                reason: try fields.requiredText("reason", RequestRule.reason), actor: try fields.text("actor", RequestRule.actor))
            if adjust.tokens == 0 { throw .invalid("tokens", "other than 0") }
            return adjust
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("tokens", tokens)
        writer.member("reason", reason)
        writer.member("actor", ifPresent: actor)
    }
}
