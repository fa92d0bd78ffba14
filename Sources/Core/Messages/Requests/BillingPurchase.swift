import Domain

/// `billing.purchase`: buy tokens (product.md P1 to P4).
public struct BillingPurchase: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.purchase

    /// What is bought.
    public enum Item: Equatable, Sendable {
        /// A package, by its id of 1 to 128 bytes.
        case package(String)
        /// So many tokens at the price of the single one, 1 to 10^15.
        case tokens(Int64)

        init(_ fields: FieldReader) throws(FieldProblem) {
            let package = try fields.text("package_id", RequestRule.storedID)
            let tokens = try fields.whole("tokens", RequestRule.tokens)
            switch (package, tokens) {
            case (let package?, nil): self = .package(package)
            case (nil, let tokens?): self = .tokens(tokens)
            case (nil, nil): throw .missing("package_id")
            case (_?, _?): throw .invalid("package_id", "absent where tokens is present")
            }
        }

        func write(to writer: inout JSONWriter) {
            switch self {
            case .package(let id): writer.member("package_id", id)
            case .tokens(let tokens): writer.member("tokens", tokens)
            }
        }
    }

    /// How a purchase is paid.
    public enum Payment: Equatable, Sendable {
        /// By a saved method, by its id of 1 to 128 bytes; nil for the organization's default one.
        case method(String?)
        /// On a page of the gateway, which leads back to one of two addresses of 1 to 2,000 bytes; nil for the deployment's gateway.
        case checkout(successURL: String, cancelURL: String, gateway: String?)

        init(_ fields: FieldReader) throws(FieldProblem) {
            let method = try fields.text("payment_method_id", RequestRule.storedID)
            let checkout = try fields.object("checkout") { page throws(FieldProblem) in
                Payment.checkout(
                    successURL: try page.requiredWebAddress("success_url"), cancelURL: try page.requiredWebAddress("cancel_url"),
                    gateway: try page.gateway("gateway")?.rawValue)
            }
            guard let checkout else {
                self = .method(method)
                return
            }
            if method != nil { throw .invalid("payment_method_id", "absent where checkout is present") }
            self = checkout
        }

        func write(to writer: inout JSONWriter) {
            switch self {
            case .method(let id): writer.member("payment_method_id", ifPresent: id)
            case .checkout(let successURL, let cancelURL, let gateway):
                writer.name("checkout")
                writer.beginObject()
                writer.member("success_url", successURL)
                writer.member("cancel_url", cancelURL)
                writer.member("gateway", ifPresent: gateway)
                writer.endObject()
            }
        }
    }

    /// What is bought.
    public var item: Item
    /// The list of packages that a number of tokens is priced by; 1 to 64 bytes, nil for the deployment's.
    public var catalog: String?
    /// How it is paid; by the default method by default.
    public var payment: Payment
    /// Buys once per key and organization; 1 to 255 bytes.
    public var idempotencyKey: String?
    /// Whether an unfinished purchase gives way to this one; false by default.
    public var replace: Bool
    /// Whether it is charged at once; true by default.
    public var execute: Bool
    /// `metadata` exactly as received: the text of a JSON object of at most 8 KiB.
    public var metadata: String?
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(
        item: Item, catalog: String? = nil, payment: Payment = .method(nil), idempotencyKey: String? = nil, replace: Bool = false,
        execute: Bool = true, metadata: String? = nil, actor: String? = nil
    ) {
        self.item = item
        self.catalog = catalog
        self.payment = payment
        self.idempotencyKey = idempotencyKey
        self.replace = replace
        self.execute = execute
        self.metadata = metadata
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            BillingPurchase(
                item: try Item(fields), catalog: try fields.text("catalog", RequestRule.catalog), payment: try Payment(fields),
                idempotencyKey: try fields.text("idempotency_key", RequestRule.idempotencyKey),
                replace: try fields.flag("replace") ?? false, execute: try fields.flag("execute") ?? true,
                metadata: try fields.metadata(in: document), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        item.write(to: &writer)
        writer.member("catalog", ifPresent: catalog)
        payment.write(to: &writer)
        writer.member("idempotency_key", ifPresent: idempotencyKey)
        writer.member("replace", replace)
        writer.member("execute", execute)
        writer.member("metadata", rawIfPresent: metadata)
        writer.member("actor", ifPresent: actor)
    }
}
