/// `rate.changed`: a service costs something else from a moment on.
public struct RateChanged: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.rateChanged

    /// The rate as it was set.
    public var rate: RateAnswer
    /// For whom the change was made.
    public var actor: String?

    /// What happened.
    public init(rate: RateAnswer, actor: String? = nil) {
        self.rate = rate
        self.actor = actor
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        rate.write(to: &writer)
        writer.member("actor", ifPresent: actor)
    }
}
