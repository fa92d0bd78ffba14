/// `usage.overdrawn`: a use was paid for in part by the overdraft.
public struct UsageOverdrawn: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.usageOverdrawn

    /// The usage event.
    public var cause: EventCause
    /// The service.
    public var service: String
    /// What the use costs.
    public var tokens: Int64
    /// How much of it no lot could pay.
    public var overdrawn: Int64
    /// The wallet's debt after it.
    public var debt: Int64
    /// Whether the overdraft has no limit, so that somebody should look at it (product.md W5).
    public var review: Bool

    /// What happened.
    public init(cause: EventCause, service: String, tokens: Int64, overdrawn: Int64, debt: Int64, review: Bool) {
        self.cause = cause
        self.service = service
        self.tokens = tokens
        self.overdrawn = overdrawn
        self.debt = debt
        self.review = review
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        cause.write(to: &writer)
        writer.member("service", service)
        writer.member("tokens", tokens)
        writer.member("overdrawn", overdrawn)
        writer.member("overdraft_debt", debt)
        writer.member("review", review)
    }
}
