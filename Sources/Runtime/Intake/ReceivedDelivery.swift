public import AMQP
import Messages

/// What the headers that only Purser's programs set say of a message.
///
/// They are believed only of a message that came through the default exchange, as those from a delay queue and those that the operator
/// sends again do: whoever may publish to `purser.usage` or `purser.commands` could write anything into them.
extension Delivery {
    /// Whether it came back from a delay queue, or was put straight into this queue by a program of ours.
    public var isSentAgain: Bool { exchange.isEmpty }

    /// How many times it was put off so far.
    public var attempts: Int {
        guard isSentAgain, let attempts = properties.headers.int(HeaderName.attempt) else { return 0 }
        return Int(clamping: max(0, attempts))
    }

    /// The routing key under which it was first published.
    public var originalRoutingKey: String {
        guard isSentAgain, let key = properties.headers.string(HeaderName.key) else { return routingKey }
        return key
    }

    /// The user who first published it, as the broker validated it; nil where the publisher did not say.
    public var originalUser: String? {
        if isSentAgain, let user = properties.headers.string(HeaderName.user) { return user }
        return properties.userID
    }

    /// Whether the broker has handed it out before, so that it may have crashed somebody. The flag is the broker's own; the header
    /// `x-delivery-count` could be the publisher's.
    public var isSuspect: Bool { redelivered }
}
