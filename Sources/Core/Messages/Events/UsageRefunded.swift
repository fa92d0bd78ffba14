/// `usage.refunded`: tokens of a use were given back (domain.md 5.8).
public struct UsageRefunded: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.usageRefunded

    /// The usage event that was refunded.
    public var cause: EventCause
    /// The service.
    public var service: String
    /// How many tokens went back; 0 for a use that had cost none.
    public var tokens: Int64
    /// Whether a trial use went back.
    public var trialReturned: Bool
    /// Why.
    public var reason: String?
    /// For whom the change was made.
    public var actor: String?

    /// What happened.
    public init(cause: EventCause, service: String, tokens: Int64, trialReturned: Bool, reason: String? = nil, actor: String? = nil) {
        self.cause = cause
        self.service = service
        self.tokens = tokens
        self.trialReturned = trialReturned
        self.reason = reason
        self.actor = actor
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        cause.write(to: &writer)
        writer.member("service", service)
        writer.member("tokens", tokens)
        writer.member("trial_returned", trialReturned)
        writer.member("reason", ifPresent: reason)
        writer.member("actor", ifPresent: actor)
    }
}
