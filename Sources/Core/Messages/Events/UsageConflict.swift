/// `usage.conflict`: an identity came again with other content, which was not charged (domain.md 5.1).
public struct UsageConflict: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.usageConflict

    /// The usage event.
    public var cause: EventCause
    /// The service.
    public var service: String
    /// The tokens that the first content was charged, where it was.
    public var tokens: Int64?

    /// What happened.
    public init(cause: EventCause, service: String, tokens: Int64? = nil) {
        self.cause = cause
        self.service = service
        self.tokens = tokens
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        cause.write(to: &writer)
        writer.member("service", service)
        writer.member("tokens", ifPresent: tokens)
    }
}
