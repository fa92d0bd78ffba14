public import Domain

/// `billing.package_set`: tokens that are sold together at a price (product.md P1). Concerns no organization.
public struct PackageSet: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.packageSet

    /// The package; 1 to 128 bytes.
    public var id: String
    /// What customers read; 1 to 255 bytes.
    public var name: String
    /// More of it; at most 2,000 bytes.
    public var description: String?
    /// Its points for a list; at most 50 of 1 to 255 bytes.
    public var features: [String]?
    /// The list that it stands in; 1 to 64 bytes.
    public var catalog: String?
    /// How many, 1 to 10^15.
    public var tokens: Int64
    /// Net, above 0.
    public var price: ExactDecimal
    /// The price's currency.
    public var currency: Currency?
    /// Whether it is shown as the best one.
    public var isBestValue: Bool?
    /// Whether it is sold and shown.
    public var isActive: Bool?
    /// Its lots' life in days, 1 to 36,500, where it is another than the deployment's.
    public var expirationDays: Int64?
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(
        id: String, name: String, description: String? = nil, features: [String]? = nil, catalog: String? = nil, tokens: Int64,
        price: ExactDecimal, currency: Currency? = nil, isBestValue: Bool? = nil, isActive: Bool? = nil, expirationDays: Int64? = nil,
        actor: String? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.features = features
        self.catalog = catalog
        self.tokens = tokens
        self.price = price
        self.currency = currency
        self.isBestValue = isBestValue
        self.isActive = isActive
        self.expirationDays = expirationDays
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            PackageSet(
                id: try fields.requiredText("id", RequestRule.storedID), name: try fields.requiredText("name", RequestRule.packageName),
                description: try fields.text("description", RequestRule.description),
                features: try fields.texts("features", count: RequestRule.featureCount, RequestRule.feature),
                catalog: try fields.text("catalog", RequestRule.catalog), tokens: try fields.requiredWhole("tokens", RequestRule.tokens),
                price: try fields.requiredPrice("price"), currency: try fields.currency("currency"),
                isBestValue: try fields.flag("is_best_value"), isActive: try fields.flag("is_active"),
                expirationDays: try fields.whole("expiration_days", RequestRule.expirationDays),
                actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("name", name)
        writer.member("description", ifPresent: description)
        writer.member("features", ifPresent: features)
        writer.member("catalog", ifPresent: catalog)
        writer.member("tokens", tokens)
        writer.member("price", price.text)
        writer.member("currency", ifPresent: currency?.code)
        writer.member("is_best_value", ifPresent: isBestValue)
        writer.member("is_active", ifPresent: isActive)
        writer.member("expiration_days", ifPresent: expirationDays)
        writer.member("actor", ifPresent: actor)
    }
}
