/// `billing.wallet_reactivate`: debits again from now on (product.md W4).
public struct WalletReactivate: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.walletReactivate

    /// Why, for the audit log and the event.
    public var reason: String?
    /// For whom the change is made.
    public var actor: String?

    /// A wallet to reactivate.
    public init(reason: String? = nil, actor: String? = nil) {
        self.reason = reason
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            WalletReactivate(reason: try fields.text("reason", RequestRule.reason), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("reason", ifPresent: reason)
        writer.member("actor", ifPresent: actor)
    }
}
