/// `tokens.granted`: a wallet has got tokens that nobody paid for.
public struct TokensGranted: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.tokensGranted

    /// How many.
    public var tokens: Int64
    /// The lot that they are, numbered within the wallet.
    public var lot: Int64
    /// What kind of lot.
    public var kind: BillingGrant.Kind
    /// The type of the ledger row: `grant`, `allowance` or `adjustment`.
    public var origin: String
    /// From when they can be used, in microseconds since 1970.
    public var effectiveAt: Int64?
    /// Until when, in microseconds since 1970; nil for ever.
    public var expiresAt: Int64?
    /// Why.
    public var reason: String?
    /// For whom the change was made.
    public var actor: String?

    /// What happened.
    public init(
        tokens: Int64, lot: Int64, kind: BillingGrant.Kind, origin: String, effectiveAt: Int64? = nil, expiresAt: Int64? = nil,
        reason: String? = nil, actor: String? = nil
    ) {
        self.tokens = tokens
        self.lot = lot
        self.kind = kind
        self.origin = origin
        self.effectiveAt = effectiveAt
        self.expiresAt = expiresAt
        self.reason = reason
        self.actor = actor
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("tokens", tokens)
        writer.member("lot_id", lot)
        writer.member("kind", kind.rawValue)
        writer.member("origin", origin)
        writer.member("effective_at", timeIfPresent: effectiveAt)
        writer.member("expires_at", timeIfPresent: expiresAt)
        writer.member("reason", ifPresent: reason)
        writer.member("actor", ifPresent: actor)
    }
}
