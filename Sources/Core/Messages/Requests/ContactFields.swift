/// Who an organization is on its invoices. Every field is optional; an empty one takes a stored value away.
public struct ContactFields: Equatable, Sendable {
    /// The name; at most 255 bytes.
    public var name: String?
    /// The postal address, lines separated by line feeds; at most 1,000 bytes.
    public var billingAddress: String?
    /// The tax number; at most 64 bytes.
    public var taxID: String?
    /// Where invoices and notices go; at most 254 bytes.
    public var email: String?

    /// Contact fields, none of them by default.
    public init(name: String? = nil, billingAddress: String? = nil, taxID: String? = nil, email: String? = nil) {
        self.name = name
        self.billingAddress = billingAddress
        self.taxID = taxID
        self.email = email
    }

    /// Whether there is nothing to store.
    public var isEmpty: Bool { self == ContactFields() }

    init(_ fields: FieldReader) throws(FieldProblem) {
        name = try fields.text("name", RequestRule.name)
        billingAddress = try fields.text("billing_address", RequestRule.address)
        taxID = try fields.text("tax_id", RequestRule.taxID)
        email = try fields.email(RequestRule.email)
    }

    func write(to writer: inout JSONWriter) {
        writer.member("name", ifPresent: name)
        writer.member("billing_address", ifPresent: billingAddress)
        writer.member("tax_id", ifPresent: taxID)
        writer.member("email", ifPresent: email)
    }
}
