/// `billing.grant`: tokens for nothing (product.md W7). Opens the wallet where there is none.
public struct BillingGrant: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.grant

    /// What kind of lot the tokens become.
    public enum Kind: String, Sendable, CaseIterable {
        /// Burns before paid tokens of the same expiry.
        case promotional
        /// Burns like bought tokens.
        case paid
    }

    /// How many, 1 to 10^15.
    public var tokens: Int64
    /// Why, for the ledger and the audit log.
    public var reason: String?
    /// What kind of lot they become; promotional by default.
    public var kind: Kind
    /// The lot's priority, 0 to 100; nil for the usual one.
    public var priority: Int64?
    /// From when they can be used, in microseconds since 1970; nil for at once.
    public var effectiveAt: Int64?
    /// Until when, exclusively, in microseconds since 1970; nil for the deployment's rule.
    public var expiresAt: Int64?
    /// Grants once per key and organization; 1 to 255 bytes.
    public var idempotencyKey: String?
    /// For whom the change is made.
    public var actor: String?

    /// A grant to ask for.
    public init(
        tokens: Int64, reason: String? = nil, kind: Kind = .promotional, priority: Int64? = nil, effectiveAt: Int64? = nil,
        expiresAt: Int64? = nil, idempotencyKey: String? = nil, actor: String? = nil
    ) {
        self.tokens = tokens
        self.reason = reason
        self.kind = kind
        self.priority = priority
        self.effectiveAt = effectiveAt
        self.expiresAt = expiresAt
        self.idempotencyKey = idempotencyKey
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            let grant = BillingGrant(
                tokens: try fields.requiredWhole("tokens", RequestRule.tokens), reason: try fields.text("reason", RequestRule.reason),
                kind: try Self.kind(fields), priority: try fields.whole("priority", RequestRule.priority),
                effectiveAt: try fields.time("effective_at"), expiresAt: try fields.time("expires_at"),
                idempotencyKey: try fields.text("idempotency_key", RequestRule.idempotencyKey),
                actor: try fields.text("actor", RequestRule.actor))
            if let start = grant.effectiveAt, let end = grant.expiresAt, end <= start {
                throw .invalid("expires_at", "later than effective_at")
            }
            return grant
        }
    }

    private static func kind(_ fields: FieldReader) throws(FieldProblem) -> Kind {
        guard let value = try fields.value("kind") else { return .promotional }
        guard let text = value.text, let kind = Kind(rawValue: text) else { throw .invalid("kind", "promotional or paid") }
        return kind
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("tokens", tokens)
        writer.member("reason", ifPresent: reason)
        writer.member("kind", kind.rawValue)
        writer.member("priority", ifPresent: priority)
        writer.member("effective_at", timeIfPresent: effectiveAt)
        writer.member("expires_at", timeIfPresent: expiresAt)
        writer.member("idempotency_key", ifPresent: idempotencyKey)
        writer.member("actor", ifPresent: actor)
    }
}
