/// `wallet.trial_exhausted`: the last trial use was taken (domain.md 5.3).
public struct WalletTrialExhausted: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.walletTrialExhausted

    /// The usage event, or the hold's request, that took it.
    public var cause: EventCause
    /// The service.
    public var service: String

    /// What happened.
    public init(cause: EventCause, service: String) {
        self.cause = cause
        self.service = service
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        cause.write(to: &writer)
        writer.member("service", service)
    }
}
