/// The identity of the message that caused an event, in the data of the event.
public struct EventCause: Equatable, Sendable {
    /// The message's source.
    public var source: String
    /// The message's id.
    public var id: String

    /// A cause.
    public init(source: String, id: String) {
        self.source = source
        self.id = id
    }

    func write(to writer: inout JSONWriter) {
        writer.member("event_source", source)
        writer.member("event_id", id)
    }
}
