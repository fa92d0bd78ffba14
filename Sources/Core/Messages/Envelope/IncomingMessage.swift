/// What a message brings, without any word of the broker's library: the program's loop fills it from a delivery.
public struct IncomingMessage: Sendable {
    /// A header whose value has a text form: strings as they are, whole numbers in digits, booleans as `true` and `false`,
    /// times as RFC 3339. Headers of other types are left out.
    public struct Header: Sendable {
        /// The header's name.
        public let name: String
        /// The header's value as text.
        public let value: String

        /// A header.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The property `content_type`.
    public var contentType: String?
    /// The headers, in their order.
    public var headers: [Header]
    /// The routing key with which it was published; the original one (`purser-key`) when it was moved.
    public var routingKey: String
    /// The property `user_id`, which the broker has validated; the original one (`purser-user`) when it was moved.
    public var userID: String?
    /// The property `reply_to`.
    public var replyTo: String?
    /// The property `correlation_id`.
    public var correlationID: String?
    /// The property `message_id`.
    public var messageID: String?
    /// The body.
    public var body: [UInt8]

    /// A message; everything but the body may be absent.
    public init(
        contentType: String? = nil, headers: [Header] = [], routingKey: String = "", userID: String? = nil, replyTo: String? = nil,
        correlationID: String? = nil, messageID: String? = nil, body: [UInt8]
    ) {
        self.contentType = contentType
        self.headers = headers
        self.routingKey = routingKey
        self.userID = userID
        self.replyTo = replyTo
        self.correlationID = correlationID
        self.messageID = messageID
        self.body = body
    }

    /// The value of a header by its exact name.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}
