/// `billing.wallet_suspend`: no debits from now on (product.md W4).
public struct WalletSuspend: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.walletSuspend

    /// Why, for the audit log and the event.
    public var reason: String?
    /// For whom the change is made.
    public var actor: String?

    /// A wallet to suspend.
    public init(reason: String? = nil, actor: String? = nil) {
        self.reason = reason
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            WalletSuspend(reason: try fields.text("reason", RequestRule.reason), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("reason", ifPresent: reason)
        writer.member("actor", ifPresent: actor)
    }
}
