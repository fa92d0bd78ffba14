/// What the broker says of a queue when it is declared.
public struct QueueInfo: Sendable, Equatable {
    /// Its name, also where the broker made one up.
    public var name: String
    /// Messages ready for delivery; always 0 for a stream on 3.10.
    public var messages: Int
    /// Consumers.
    public var consumers: Int
}
