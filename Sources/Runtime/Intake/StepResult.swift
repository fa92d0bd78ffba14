public import Store

/// What a step made of a batch.
public struct StepResult {
    /// One per message of the batch, in its order.
    public var outcomes: [Outcome]
    /// Rows that the step's transaction put into the outbox, to be published now that it is committed.
    public var outbox: [StoredMessage]
    /// Unreadable elements of batch messages, each dead-lettered as a message of its own before its message is acknowledged.
    public var fragments: [DeadFragment]

    /// A result with these parts.
    public init(outcomes: [Outcome], outbox: [StoredMessage] = [], fragments: [DeadFragment] = []) {
        self.outcomes = outcomes
        self.outbox = outbox
        self.fragments = fragments
    }
}

/// An element of a JSON batch that is no readable event (messages.md, "Envelope").
public struct DeadFragment: Sendable, Equatable {
    /// Which message of the batch that the step was given, from 0.
    public let message: Int
    /// Which element of that message, from 0; becomes the header `purser-index`.
    public let index: Int
    /// The element as it was received.
    public let body: [UInt8]
    /// One word.
    public let reason: String
    /// A sentence for a person, without the payload.
    public let detail: String

    /// A fragment with these parts.
    public init(message: Int, index: Int, body: [UInt8], reason: String, detail: String) {
        self.message = message
        self.index = index
        self.body = body
        self.reason = reason
        self.detail = detail
    }
}
