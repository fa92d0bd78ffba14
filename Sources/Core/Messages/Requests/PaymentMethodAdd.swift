public import Domain

/// `billing.payment_method_add`: save a way to pay (domain.md 8).
public struct PaymentMethodAdd: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.paymentMethodAdd

    /// What is saved, or how the customer does it.
    public enum Way: Equatable, Sendable {
        /// The gateway's reference of a method that it has, of 1 to 255 bytes.
        case reference(String)
        /// On a page of the gateway, which leads back to an address of 1 to 2,000 bytes.
        case page(returnURL: String)

        init(_ fields: FieldReader) throws(FieldProblem) {
            let reference = try fields.text("reference", RequestRule.gatewayReference)
            let returnURL = try fields.webAddress("return_url")
            switch (reference, returnURL) {
            case (let reference?, nil): self = .reference(reference)
            case (nil, let returnURL?): self = .page(returnURL: returnURL)
            case (nil, nil): throw .missing("reference")
            case (_?, _?): throw .invalid("reference", "absent where return_url is present")
            }
        }

        func write(to writer: inout JSONWriter) {
            switch self {
            case .reference(let reference): writer.member("reference", reference)
            case .page(let returnURL): writer.member("return_url", returnURL)
            }
        }
    }

    /// Who moves the money.
    public var gateway: Gateway
    /// What is saved, or how the customer does it.
    public var way: Way
    /// The e-mail address that the method was made with, where the gateway wants it with every charge; 1 to 254 bytes.
    public var email: String?
    /// Whether it is the one that is taken where none is named; nil for the deployment's rule.
    public var isDefault: Bool?
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(gateway: Gateway, way: Way, email: String? = nil, isDefault: Bool? = nil, actor: String? = nil) {
        self.gateway = gateway
        self.way = way
        self.email = email
        self.isDefault = isDefault
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            PaymentMethodAdd(
                gateway: try fields.requiredGateway("gateway"), way: try Way(fields), email: try fields.email(RequestRule.methodEmail),
                isDefault: try fields.flag("is_default"), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("gateway", gateway.rawValue)
        way.write(to: &writer)
        writer.member("email", ifPresent: email)
        writer.member("is_default", ifPresent: isDefault)
        writer.member("actor", ifPresent: actor)
    }
}
