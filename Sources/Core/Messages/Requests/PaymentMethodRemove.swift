/// `billing.payment_method_remove`: a saved way to pay is not used any more (domain.md 8).
public struct PaymentMethodRemove: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.paymentMethodRemove

    /// The saved method; 1 to 128 bytes.
    public var id: String
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(id: String, actor: String? = nil) {
        self.id = id
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            PaymentMethodRemove(
                id: try fields.requiredText("payment_method_id", RequestRule.storedID), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("payment_method_id", id)
        writer.member("actor", ifPresent: actor)
    }
}
