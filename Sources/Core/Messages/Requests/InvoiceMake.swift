public import Domain

/// `billing.invoice`: the invoice of a purchase; one that exists is given again.
public struct InvoiceMake: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.invoice

    /// The purchase.
    public var reference: PurchaseReference
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(reference: PurchaseReference, actor: String? = nil) {
        self.reference = reference
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            InvoiceMake(
                reference: try fields.requiredReference(), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("purchase_reference_id", reference.text)
        writer.member("actor", ifPresent: actor)
    }
}
