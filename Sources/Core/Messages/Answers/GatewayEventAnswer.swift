/// The answer to `billing.gateway_event`.
public struct GatewayEventAnswer: Equatable, Sendable {
    /// The gateway's name of the event.
    public var eventID: String
    /// The gateway's type of the event.
    public var type: String
    /// What came of it.
    public var outcome: String
    /// Whether the same event was taken before.
    public var duplicate: Bool

    /// An answer.
    public init(eventID: String, type: String, outcome: String, duplicate: Bool) {
        self.eventID = eventID
        self.type = type
        self.outcome = outcome
        self.duplicate = duplicate
    }

    /// The body of a success.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    private func write(to writer: inout JSONWriter) {
        writer.member("event_id", eventID)
        writer.member("type", type)
        writer.member("outcome", outcome)
        writer.member("duplicate", duplicate)
    }
}
