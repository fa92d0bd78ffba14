import Crypto

/// A message that came back, as it stands in `suspect_messages`: where, and how it is recognised.
public struct Suspect: Sendable, Hashable {
    /// The queue it came from.
    public let queue: String
    /// The message's id, or the digest of its body where it has none.
    public let key: String

    /// - Parameters:
    ///   - messageID: the AMQP property.
    ///   - body: the body as received.
    public init(queue: String, messageID: String?, body: [UInt8]) {
        self.queue = queue
        if let messageID, !messageID.isEmpty, !messageID.utf8.contains(0) {
            key = "id:" + messageID
        } else {
            key = "sha256:" + SHA256.hash(body).hex
        }
    }
}
