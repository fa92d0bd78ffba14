/// The data of `usage.recorded` and of `meter.check`: which service, and how much of it.
public struct ServiceUse: Equatable, Sendable {
    /// What is used; 1 to 128 bytes.
    public var service: String
    /// How much of it; absent means 1.
    public var quantity: QuantityField
    /// The cost itself, for pass-through services.
    public var tokens: QuantityField
    /// `metadata` exactly as received: the text of a JSON object of at most 8 KiB.
    public var metadata: String?

    /// A use of a service.
    public init(service: String, quantity: QuantityField = .absent, tokens: QuantityField = .absent, metadata: String? = nil) {
        self.service = service
        self.quantity = quantity
        self.tokens = tokens
        self.metadata = metadata
    }

    init(_ fields: FieldReader, document: [UInt8]) throws(FieldProblem) {
        service = try fields.requiredText("service", TextRule.service)
        quantity = try fields.quantity("quantity")
        tokens = try fields.quantity("tokens")
        metadata = try fields.metadata(in: document)
    }

    static let metadataNotAnObject = FieldProblem.invalid("metadata", "an object")

    func write(to writer: inout JSONWriter) {
        writer.member("service", service)
        quantity.write("quantity", to: &writer)
        tokens.write("tokens", to: &writer)
        writer.member("metadata", rawIfPresent: metadata)
    }
}
