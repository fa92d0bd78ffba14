/// `hold.placed`: a hold was placed (domain.md 6.1).
public struct HoldPlaced: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.holdPlaced

    /// The hold.
    public var holdID: String
    /// The service.
    public var service: String
    /// `held`, `covered`, `trial` or `shadow`.
    public var outcome: String
    /// The tokens that are set aside.
    public var tokens: Int64
    /// When it ends, in microseconds since 1970.
    public var endsAt: Int64?

    /// What happened.
    public init(holdID: String, service: String, outcome: String, tokens: Int64, endsAt: Int64? = nil) {
        self.holdID = holdID
        self.service = service
        self.outcome = outcome
        self.tokens = tokens
        self.endsAt = endsAt
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("hold_id", holdID)
        writer.member("service", service)
        writer.member("outcome", outcome)
        writer.member("tokens", tokens)
        writer.member("ends_at", timeIfPresent: endsAt)
    }
}
