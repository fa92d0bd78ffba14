/// `billing.wallet_open`: a wallet for an organization (product.md W1).
public struct WalletOpen: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.walletOpen

    /// Who the organization is.
    public var contact: ContactFields
    /// For whom the change is made.
    public var actor: String?

    /// A wallet to open.
    public init(contact: ContactFields = ContactFields(), actor: String? = nil) {
        self.contact = contact
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            WalletOpen(contact: try ContactFields(fields), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        contact.write(to: &writer)
        writer.member("actor", ifPresent: actor)
    }
}
