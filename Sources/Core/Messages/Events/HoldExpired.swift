/// `hold.expired`: a hold's time was over and the sweep gave it back (domain.md 6.5).
public struct HoldExpired: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.holdExpired

    /// The hold.
    public var holdID: String
    /// The service.
    public var service: String
    /// The tokens that were set aside.
    public var tokens: Int64
    /// When its time was over, in microseconds since 1970.
    public var endedAt: Int64?

    /// What happened.
    public init(holdID: String, service: String, tokens: Int64, endedAt: Int64? = nil) {
        self.holdID = holdID
        self.service = service
        self.tokens = tokens
        self.endedAt = endedAt
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("hold_id", holdID)
        writer.member("service", service)
        writer.member("tokens", tokens)
        writer.member("ended_at", timeIfPresent: endedAt)
    }
}
