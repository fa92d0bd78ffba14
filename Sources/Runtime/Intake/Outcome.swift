public import Messages

/// What became of one message, in the eyes of the step that handled it (messages.md, "Outcome of a message"). What the broker is told
/// stands in `OutcomeTable`.
public enum Outcome: Sendable, Equatable {
    /// Handled, also when a rule refused it or it was a duplicate. The answer goes to whoever asked for one.
    case done(answer: [UInt8]?)
    /// Cannot be done now: comes again after the next delay of the ladder, or a later one. A consumer without a ladder buries it.
    /// - reason: one word of a short list, such as `usage_not_found`; it becomes a header and a metric label.
    case retryLater(reason: String, atLeast: RetryDelay)
    /// Cannot ever work: goes to the dead letters.
    /// - reason: one word of a short list. - detail: a sentence for a person, without the payload.
    case dead(reason: String, detail: String, answer: [UInt8]?)

    /// Handled, and nobody is told more.
    public static let done = Outcome.done(answer: nil)
}
