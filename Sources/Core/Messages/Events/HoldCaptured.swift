/// `hold.captured`: a hold was used, all or part of it (domain.md 6.2).
public struct HoldCaptured: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.holdCaptured

    /// The hold.
    public var holdID: String
    /// The service.
    public var service: String
    /// `debited`, `overdrawn`, `covered`, `trial` or `shadow`.
    public var outcome: String
    /// The tokens that were debited.
    public var tokens: Int64
    /// The tokens that were given back.
    public var released: Int64
    /// Whether the capture came after the hold had been released (domain.md 6.5).
    public var late: Bool

    /// What happened.
    public init(holdID: String, service: String, outcome: String, tokens: Int64, released: Int64, late: Bool) {
        self.holdID = holdID
        self.service = service
        self.outcome = outcome
        self.tokens = tokens
        self.released = released
        self.late = late
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("hold_id", holdID)
        writer.member("service", service)
        writer.member("outcome", outcome)
        writer.member("tokens", tokens)
        writer.member("released", released)
        writer.member("late", late)
    }
}
