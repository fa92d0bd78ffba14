/// A message that a step causes (messages.md, "Outbox"). Plain values, so that it can stand in a row.
public struct OutboxMessage: Sendable, Equatable {
    /// Exchange, such as `purser.events`.
    public var exchange: String
    /// Routing key; for events their type.
    public var routingKey: String
    /// The event's id, stable over re-publication.
    public var messageID: String
    /// The event's type.
    public var type: String
    /// MIME type of the body.
    public var contentType: String
    /// The mark of the request that caused it, where there is one.
    public var correlationID: String?
    /// W3C trace context of what caused it.
    public var traceparent: String?
    /// Vendor part of the trace context.
    public var tracestate: String?
    /// The type under which its consumer knows it, for a message that goes to a delay queue; nil where the routing key says that.
    public var originalKey: String?
    /// The body.
    public var body: [UInt8]

    /// A message with these parts; structured CloudEvents unless said otherwise.
    public init(
        exchange: String, routingKey: String, messageID: String, type: String, contentType: String = "application/cloudevents+json",
        correlationID: String? = nil, traceparent: String? = nil, tracestate: String? = nil, originalKey: String? = nil, body: [UInt8]
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.messageID = messageID
        self.type = type
        self.contentType = contentType
        self.correlationID = correlationID
        self.traceparent = traceparent
        self.tracestate = tracestate
        self.originalKey = originalKey
        self.body = body
    }
}

/// A message of the outbox with the number of its row.
public struct StoredMessage: Sendable, Equatable {
    /// The row, to delete it once the message is confirmed.
    public let id: Int64
    /// What is to be published.
    public let message: OutboxMessage

    /// A message with its row.
    public init(id: Int64, message: OutboxMessage) {
        self.id = id
        self.message = message
    }
}
