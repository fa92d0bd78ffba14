/// `usage.rejected`: a use was refused and not charged (domain.md 5.2 and 5.3).
public struct UsageRejected: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.usageRejected

    /// The usage event.
    public var cause: EventCause
    /// The service.
    public var service: String
    /// Why it was refused.
    public var reason: ErrorCode
    /// The tokens that it costs, where that is known.
    public var required: Int64?
    /// How many of them were missing, for `insufficient_tokens`.
    public var missing: Int64?

    /// What happened.
    public init(cause: EventCause, service: String, reason: ErrorCode, required: Int64? = nil, missing: Int64? = nil) {
        self.cause = cause
        self.service = service
        self.reason = reason
        self.required = required
        self.missing = missing
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        cause.write(to: &writer)
        writer.member("service", service)
        writer.member("reason", reason.rawValue)
        writer.member("required", ifPresent: required)
        writer.member("missing", ifPresent: missing)
    }
}
