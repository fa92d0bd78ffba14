public import Domain

/// `billing.purchase_refund`: give money back for tokens that were not used (domain.md 7.6).
public struct PurchaseRefund: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.purchaseRefund

    /// The purchase.
    public var reference: PurchaseReference
    /// How many tokens, 1 to 10^15; nil for all that can be given back.
    public var tokens: Int64?
    /// Why, in words; 1 to 1,000 bytes.
    public var reason: String?
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(reference: PurchaseReference, tokens: Int64? = nil, reason: String? = nil, actor: String? = nil) {
        self.reference = reference
        self.tokens = tokens
        self.reason = reason
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            PurchaseRefund(
                reference: try fields.requiredReference(), tokens: try fields.whole("tokens", RequestRule.tokens),
                reason: try fields.text("reason", RequestRule.reason), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("purchase_reference_id", reference.text)
        writer.member("tokens", ifPresent: tokens)
        writer.member("reason", ifPresent: reason)
        writer.member("actor", ifPresent: actor)
    }
}
