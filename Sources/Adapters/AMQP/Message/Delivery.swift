/// A message that came in, either to a consumer or as the answer to `get`.
public struct Delivery: Sendable, Equatable {
    /// The number `consume` gave; -1 for a message fetched by `get`.
    public var consumer: Int
    /// Delivery tag, good on this connection only.
    public var tag: UInt64
    /// Whether the broker has handed it out before.
    public var redelivered: Bool
    /// The exchange it was published to.
    public var exchange: String
    /// Its routing key.
    public var routingKey: String
    /// Its properties.
    public var properties: Properties
    /// Its body.
    public var body: [UInt8]
    /// Bytes of a body that was too large to be kept (`BrokerConfiguration.largestKeptBody`); 0 for every other message.
    public var omittedBytes = 0

    /// Makes a delivery; programs' tests need this too.
    public init(
        consumer: Int, tag: UInt64, redelivered: Bool, exchange: String, routingKey: String, properties: Properties, body: [UInt8]
    ) {
        self.consumer = consumer
        self.tag = tag
        self.redelivered = redelivered
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
    }
}
