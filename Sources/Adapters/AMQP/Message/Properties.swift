/// The properties of a message. Text is at most 255 bytes each; bytes that are not UTF-8 arrive repaired.
public struct Properties: Sendable, Equatable {
    /// MIME type of the body.
    public var contentType: String?
    /// Encoding of the body.
    public var contentEncoding: String?
    /// Headers.
    public var headers = Headers()
    /// 2 is persistent, 1 transient. New messages are persistent.
    public var deliveryMode: UInt8? = 2
    /// 0 to 255, higher first; quorum queues ignore it.
    public var priority: UInt8?
    /// The asker's own mark, repeated in the answer.
    public var correlationID: String?
    /// Where the answer goes.
    public var replyTo: String?
    /// Time to live in milliseconds, as text.
    public var expiration: String?
    /// Identity of the message.
    public var messageID: String?
    /// Seconds since 1970.
    public var timestamp: UInt64?
    /// Type of the message.
    public var type: String?
    /// The publishing user; the broker verifies it.
    public var userID: String?
    /// The publishing program.
    public var appID: String?

    /// Properties of a new, persistent message.
    public init() {}

    /// What a received message starts from: nothing present.
    static let none: Properties = {
        var properties = Properties()
        properties.deliveryMode = nil
        return properties
    }()
}
