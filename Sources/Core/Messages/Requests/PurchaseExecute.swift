public import Domain

/// `billing.purchase_execute`: charge a purchase that was made without being executed, or one that waits (product.md P3).
public struct PurchaseExecute: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.purchaseExecute

    /// The purchase.
    public var reference: PurchaseReference
    /// Another saved method for the next attempt; 1 to 128 bytes.
    public var paymentMethod: String?
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(reference: PurchaseReference, paymentMethod: String? = nil, actor: String? = nil) {
        self.reference = reference
        self.paymentMethod = paymentMethod
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            PurchaseExecute(
                reference: try fields.requiredReference(), paymentMethod: try fields.text("payment_method_id", RequestRule.storedID),
                actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("purchase_reference_id", reference.text)
        writer.member("payment_method_id", ifPresent: paymentMethod)
        writer.member("actor", ifPresent: actor)
    }
}
