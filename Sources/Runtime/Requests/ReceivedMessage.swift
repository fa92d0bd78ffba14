public import AMQP
public import Messages

extension Delivery {
    /// Whether somebody waits for an answer at a queue that is made for answers.
    public var isAsked: Bool {
        guard let replyTo = properties.replyTo else { return false }
        return ReplyAddress.isAllowed(replyTo)
    }
}

extension IncomingMessage {
    /// The message of a delivery, with what it was first published with where it was moved since.
    public init(_ delivery: Delivery) {
        self.init(
            contentType: delivery.properties.contentType, headers: delivery.properties.headers.entries.compactMap(Header.init),
            routingKey: delivery.originalRoutingKey, userID: delivery.originalUser, replyTo: delivery.properties.replyTo,
            correlationID: delivery.properties.correlationID, messageID: delivery.properties.messageID, body: delivery.body)
    }
}

extension IncomingMessage.Header {
    /// A header that has a text form; nil for the others.
    init?(_ entry: Headers.Entry) {
        switch entry.value {
        case .string(let text): self.init(entry.name, text)
        case .int(let number): self.init(entry.name, String(number))
        case .bool(let flag): self.init(entry.name, flag ? "true" : "false")
        case .timestamp(let seconds): self.init(entry.name, EventTime.text(microseconds: Int64(clamping: seconds) &* 1_000_000))
        case .double, .bytes, .void, .unsupported: return nil
        }
    }
}
