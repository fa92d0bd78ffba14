/// `tokens.expired`: what was left of a lot has lapsed.
public struct TokensExpired: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.tokensExpired

    /// How many.
    public var tokens: Int64
    /// The lot, numbered within the wallet.
    public var lot: Int64
    /// When its time was over, in microseconds since 1970.
    public var expiredAt: Int64?

    /// What happened.
    public init(tokens: Int64, lot: Int64, expiredAt: Int64? = nil) {
        self.tokens = tokens
        self.lot = lot
        self.expiredAt = expiredAt
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("tokens", tokens)
        writer.member("lot_id", lot)
        writer.member("expired_at", timeIfPresent: expiredAt)
    }
}
