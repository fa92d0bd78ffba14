public import Domain

/// `billing.purchase_cancel`: this purchase is not wanted any more (domain.md 7.1).
public struct PurchaseCancel: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.purchaseCancel

    /// The purchase.
    public var reference: PurchaseReference
    /// Why, in words; 1 to 1,000 bytes.
    public var reason: String?
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(reference: PurchaseReference, reason: String? = nil, actor: String? = nil) {
        self.reference = reference
        self.reason = reason
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            PurchaseCancel(
                reference: try fields.requiredReference(), reason: try fields.text("reason", RequestRule.reason),
                actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("purchase_reference_id", reference.text)
        writer.member("reason", ifPresent: reason)
        writer.member("actor", ifPresent: actor)
    }
}
