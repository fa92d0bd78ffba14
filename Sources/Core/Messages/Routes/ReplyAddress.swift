/// Where answers may go. Programs that answer may write to the default exchange, which reaches every queue; so only names that are made
/// for answers are taken, or a request could have its answer put into the queue of another consumer.
public enum ReplyAddress: Equatable, Sendable {
    /// A queue made for answers.
    case queue
    /// Straight to the channel that asked, past every queue; `node` is what the broker wrote for the node that has this channel.
    case direct(node: String)

    /// Reads a `reply_to`; nil for one that is ignored and counted (messages.md, Answers).
    ///
    /// A direct address that the broker did not make itself is not taken: RabbitMQ closes the connection of whoever publishes to one that
    /// it cannot decode.
    public init?(_ replyTo: String) {
        guard replyTo.utf8.count <= 255 else { return nil }
        if replyTo.hasPrefix("reply."), replyTo.utf8.count > "reply.".utf8.count {
            self = .queue
        } else if replyTo.hasPrefix(Self.directPrefix), let node = Self.node(replyTo.utf8.dropFirst(Self.directPrefix.utf8.count)) {
            self = .direct(node: node)
        } else {
            return nil
        }
    }

    /// Whether a `reply_to` is answered.
    public static func isAllowed(_ replyTo: String) -> Bool { ReplyAddress(replyTo) != nil }

    private static let directPrefix = "amq.rabbitmq.reply-to."

    /// The node of `<process>.<key>`, both in base64. The broker does not decode the key.
    private static func node(_ suffix: Substring.UTF8View) -> String? {
        let parts = suffix.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, parts[1].allSatisfy({ isInKey($0) }), let process = Base64.bytes(parts[0]) else {
            return nil
        }
        return node(ofProcess: process)
    }

    /// The node in a process identifier of Erlang's external term format: version, tag, node, numbers. The broker writes
    /// `reply@<number>` in place of the node's name.
    private static func node(ofProcess bytes: [UInt8]) -> String? {
        guard bytes.count > 4, bytes[0] == 131, bytes[1] == 88 || bytes[1] == 103 else { return nil }
        let start: Int
        let length: Int
        switch bytes[2] {
        case 118: (start, length) = (5, Int(bytes[3]) << 8 | Int(bytes[4]))
        case 119: (start, length) = (4, Int(bytes[3]))
        default: return nil
        }
        // Two numbers of four bytes, and one that had a single byte in older releases.
        guard [12, 9].contains(bytes.count - start - length) else { return nil }
        let name = String(decoding: bytes[start..<start + length], as: UTF8.self)
        let digits = name.utf8.dropFirst("reply@".utf8.count)
        guard name.hasPrefix("reply@"), (1...10).contains(digits.count), digits.allSatisfy({ isDigit($0) }) else { return nil }
        return name
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isInKey(_ byte: UInt8) -> Bool {
        Base64.isDigit(byte) || [UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
    }
}
