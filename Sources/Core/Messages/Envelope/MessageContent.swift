/// What a message carries: one event, or a batch whose elements are independent of each other.
public enum MessageContent<Event: Sendable>: Sendable {
    /// One event.
    case single(Event)
    /// The elements of a batch in their order, 1 to 1,000 of them.
    case batch([BatchElement<Event>])
}

/// One element of a batch: an event, or why it is none.
public struct BatchElement<Event: Sendable>: Sendable {
    /// Where the element stands in the message's body, so that an unreadable one can be dead-lettered as a message of its own.
    public let range: Range<Int>
    /// The event, or why it cannot be read.
    public let event: Result<Event, UnreadableMessage>

    init(range: Range<Int>, _ read: () throws(UnreadableMessage) -> Event) {
        self.range = range
        event = Result(catching: read)
    }
}
