/// Where answers may go. Programs that answer may write to the default exchange, which reaches every queue; so only names that are made
/// for answers are taken, or a request could have its answer put into the queue of another consumer.
public enum ReplyAddress {
    /// Whether a `reply_to` is answered; others are ignored and counted (messages.md, Answers).
    public static func isAllowed(_ replyTo: String) -> Bool {
        guard replyTo.utf8.count <= 255 else { return false }
        return ["amq.rabbitmq.reply-to.", "reply."].contains { replyTo.hasPrefix($0) && replyTo.utf8.count > $0.utf8.count }
    }
}
