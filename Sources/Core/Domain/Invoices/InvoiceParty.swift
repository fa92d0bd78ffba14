/// Who sells or buys, copied when a document is issued: later changes do not touch it (`domain.md` 14.2).
public struct InvoiceParty: Hashable, Sendable {
    public let name: String
    /// As it was given, line by line.
    public let address: String?
    public let taxID: String?
    public let email: String?

    public init(name: String, address: String? = nil, taxID: String? = nil, email: String? = nil) {
        self.name = name
        self.address = address
        self.taxID = taxID
        self.email = email
    }
}
