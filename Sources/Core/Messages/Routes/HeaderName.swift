/// The flat headers that a message carries when it is republished (messages.md, Queues): strings, whole numbers and times
/// only, because streams drop tables and arrays.
public enum HeaderName {
    /// How many attempts were made; a whole number from 1.
    public static let attempt = "purser-attempt"
    /// When the message was first received, RFC 3339.
    public static let firstSeen = "purser-first-seen"
    /// Why it was moved: a stable code.
    public static let reason = "purser-reason"
    /// Why it was moved, in words.
    public static let error = "purser-error"
    /// The original routing key.
    public static let key = "purser-key"
    /// The original, broker-validated user.
    public static let user = "purser-user"
    /// When the stream first received a replayed event, RFC 3339.
    public static let replayed = "purser-replayed"
    /// Which element of a batch it was, from 0.
    public static let index = "purser-index"
    /// The queue from which it went to the dead letters.
    public static let queue = "purser-queue"
    /// The W3C trace, carried through to everything that the message causes.
    public static let traceparent = "traceparent"

    /// Every header that is ours.
    public static let all = [attempt, firstSeen, reason, error, key, user, replayed, index, queue]

    /// Headers of the broker's that have to be dropped when a message is republished: with `x-death` a returning message can be taken
    /// for a cycle and parked out of sight (mq-facts 0.3, 0.4); the others would lie.
    public static func isDropped(_ name: String) -> Bool {
        name == "x-death" || name == "x-delivery-count" || name == "x-stream-offset" || name.hasPrefix("x-first-death-")
            || name.hasPrefix("x-last-death-")
    }
}
