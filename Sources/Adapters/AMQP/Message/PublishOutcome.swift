/// What the broker made of one published message. Each sequence gets exactly one.
public struct PublishOutcome: Sendable, Equatable {
    /// What became of it.
    public enum Result: Sendable, Equatable {
        /// Every queue it was routed to has taken it.
        case confirmed
        /// The broker took no responsibility for it (a full queue that rejects, say). Publish it again later.
        case refused
        /// It was mandatory and reached no queue.
        case returned(code: UInt16, text: String)
    }

    /// The number `publish` gave; 0 when confirms are off, and then only `.returned` comes.
    public var sequence: UInt64
    /// What became of it.
    public var result: Result

    /// Makes an outcome.
    public init(sequence: UInt64, result: Result) {
        self.sequence = sequence
        self.result = result
    }
}
