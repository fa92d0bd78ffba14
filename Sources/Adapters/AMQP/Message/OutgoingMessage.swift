/// A message to publish.
public struct OutgoingMessage: Sendable, Equatable {
    /// Exchange, empty for the default exchange. At most 255 bytes.
    public var exchange: String
    /// Routing key. At most 255 bytes.
    public var routingKey: String
    /// Whether the broker returns it when it reaches no queue. Without this an unroutable message is confirmed and gone (mq-facts 0.15).
    public var isMandatory: Bool
    /// Properties.
    public var properties: Properties
    /// Body.
    public var body: [UInt8]

    /// Makes a message; it is mandatory unless said otherwise.
    public init(exchange: String, routingKey: String, isMandatory: Bool = true, properties: Properties = Properties(), body: [UInt8]) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.isMandatory = isMandatory
        self.properties = properties
        self.body = body
    }
}
