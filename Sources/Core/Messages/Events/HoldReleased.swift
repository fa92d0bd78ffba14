/// `hold.released`: a hold was given back (domain.md 6.3).
public struct HoldReleased: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.holdReleased

    /// The hold.
    public var holdID: String
    /// The service.
    public var service: String
    /// The tokens that were set aside.
    public var tokens: Int64

    /// What happened.
    public init(holdID: String, service: String, tokens: Int64) {
        self.holdID = holdID
        self.service = service
        self.tokens = tokens
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("hold_id", holdID)
        writer.member("service", service)
        writer.member("tokens", tokens)
    }
}
