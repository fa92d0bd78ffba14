/// Why a call to the broker failed. It never carries a payload, a password or an argument.
///
/// `isRetriable` answers "may the same work succeed on this or a new connection"; `isFatal` answers "is this connection dead".
public struct BrokerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Kind: Sendable, Equatable {
        /// The URL or an option of the configuration makes no sense.
        case misconfigured
        /// The caller passed something the protocol cannot carry (a name above 255 bytes, say). Nothing was sent.
        case invalidArgument
        /// No connection could be made, or the peer hung up.
        case unreachable
        /// The broker refused the user, the password or the virtual host.
        case refused(code: UInt16)
        /// The broker closed the connection and said why.
        case closedByBroker(code: UInt16, text: String)
        /// The broker closed the channel and said why. With one channel per connection this ends the connection's use.
        case channelClosed(code: UInt16, text: String)
        /// The peer was silent for twice the heartbeat interval.
        case heartbeatMissed
        /// A deadline passed.
        case timeout
        /// The broker takes no messages (memory or disk alarm); `fate` says what became of the message.
        case blocked
        /// The peer sent something that AMQP 0-9-1 does not allow.
        case protocolViolation
        /// The TLS handshake failed or a certificate was not accepted.
        case tls
        /// `close()` was called on this connection before.
        case closed
    }

    /// What is known of the messages concerned.
    public enum MessageFate: Sendable, Equatable {
        /// The message of this `publish` call was not taken: it has no sequence and nothing of it was sent.
        case unsent
        /// Messages that have a sequence may or may not have reached the broker.
        case unconfirmed
    }

    /// What went wrong.
    public let kind: Kind
    /// A sentence for people.
    public let message: String
    /// True when the connection is dead: every later call throws this same error.
    public let isFatal: Bool
    /// What became of messages, where the failed call was about messages.
    public let fate: MessageFate?

    /// Makes an error; tests of callers need this too.
    public init(_ kind: Kind, _ message: String, isFatal: Bool = true, fate: MessageFate? = nil) {
        self.kind = kind
        self.message = message
        self.isFatal = isFatal
        self.fate = fate
    }

    /// Whether trying again, on a new connection where this one is dead, can help without somebody changing something first.
    public var isRetriable: Bool {
        switch kind {
        case .unreachable, .heartbeatMissed, .timeout, .blocked, .protocolViolation: true
        case .closedByBroker(let code, _): code == 320 || code == 541 || code == 506
        case .channelClosed(406, let text):
            // The one precondition that a new connection meets again: deliveries held longer than the broker's `consumer_timeout`.
            text.contains("timed out")
        case .channelClosed(let code, _): code == 405 || code == 541 || code == 506 || code == 313
        case .misconfigured, .invalidArgument, .refused, .tls, .closed: false
        }
    }

    /// Kind and sentence in one line.
    public var description: String {
        switch kind {
        case .refused(let code): "refused (\(code)): \(message)"
        case .closedByBroker(let code, _): "connection closed by the broker (\(code)): \(message)"
        case .channelClosed(let code, _): "channel closed by the broker (\(code)): \(message)"
        default: "\(kind): \(message)"
        }
    }

    static func violation(_ message: String) -> BrokerError { BrokerError(.protocolViolation, message) }
    static func invalid(_ message: String) -> BrokerError { BrokerError(.invalidArgument, message, isFatal: false, fate: .unsent) }
}
