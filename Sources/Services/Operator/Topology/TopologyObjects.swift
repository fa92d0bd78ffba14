import Messages

/// One setting of a queue, an exchange, a binding or a policy.
public enum TopologyValue: Sendable, Hashable, CustomStringConvertible {
    /// A word, such as `at-least-once`.
    case text(String)
    /// A number: milliseconds, bytes, deliveries.
    case whole(Int64)
    /// On or off.
    case flag(Bool)
    /// Anything else, as canonical JSON: compared, never changed.
    case other(String)

    init(_ json: JSONValue) {
        switch json.kind {
        case .text(let text): self = .text(text)
        case .whole(let number): self = .whole(number)
        case .bool(let flag): self = .flag(flag)
        default: self = .other(String(decoding: JSONCanonical.bytes(json), as: UTF8.self))
        }
    }

    /// The value as it stands in a sentence; an empty text is named.
    public var description: String {
        switch self {
        case .text(let text): text.isEmpty ? "empty" : text
        case .whole(let number): String(number)
        case .flag(let flag): String(flag)
        case .other(let json): json
        }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.value(text)
        case .whole(let number): writer.value(number)
        case .flag(let flag): writer.value(flag)
        case .other(let json): writer.raw(json.utf8)
        }
    }
}

/// Settings by name.
public typealias TopologyArguments = [String: TopologyValue]

extension JSONWriter {
    /// A member with settings, in the order of their names.
    mutating func member(_ name: String, _ arguments: TopologyArguments) {
        self.name(name)
        beginObject()
        for (name, value) in arguments.sorted(by: { $0.key < $1.key }) {
            self.name(name)
            value.write(to: &self)
        }
        endObject()
    }
}

/// An exchange as it is wanted or found.
public struct TopologyExchange: Sendable, Hashable {
    /// Unique within the virtual host.
    public var name: String
    /// `fanout`, `topic`, `direct`, `x-consistent-hash`.
    public var type: String
    /// Whether it outlives a restart of the broker.
    public var isDurable: Bool
    /// Whether it goes with its last binding.
    public var isAutoDelete: Bool
    /// Whether only other exchanges may publish to it.
    public var isInternal: Bool
    /// Settings given at declaration.
    public var arguments: TopologyArguments
}

/// A queue as it is wanted or found. Everything but kind and single active consumer is a policy's.
public struct TopologyQueue: Sendable, Hashable {
    /// Unique within the virtual host.
    public var name: String
    /// Whether it outlives a restart of the broker.
    public var isDurable: Bool
    /// Whether it goes with its last consumer.
    public var isAutoDelete: Bool
    /// Settings given at declaration, which cannot change afterwards.
    public var arguments: TopologyArguments
}

/// A way from an exchange to a queue or another exchange.
public struct TopologyBinding: Sendable, Hashable {
    /// The exchange that messages come from.
    public var source: String
    /// Where they go.
    public var destination: String
    /// `queue` or `exchange`.
    public var destinationType: String
    /// Pattern of a topic exchange, weight of a consistent hash, else the key itself.
    public var routingKey: String
    /// Further conditions.
    public var arguments: TopologyArguments
}

/// Settings for every queue whose name matches a pattern. The broker applies exactly one policy to a queue.
public struct TopologyPolicy: Sendable, Hashable {
    /// Unique within the virtual host.
    public var name: String
    /// Regular expression over names.
    public var pattern: String
    /// `queues`, `exchanges` or `all`.
    public var applyTo: String
    /// The highest one that matches is applied.
    public var priority: Int64
    /// What it sets.
    public var definition: TopologyArguments
}

/// A broker user and what it may do in the virtual host.
public struct TopologyUser: Sendable, Hashable {
    /// Which keys a user may publish with, or bind to, on a topic exchange.
    public struct Topic: Sendable, Hashable {
        /// The exchange.
        public var exchange: String
        /// Keys that may be published.
        public var write: String
        /// Keys that may be bound.
        public var read: String
    }

    /// The login name; a user belongs to the whole broker.
    public var name: String
    /// Such as `impersonator`.
    public var tags: [String]
    /// Names that may be declared and deleted.
    public var configure: String
    /// Names that may be published to.
    public var write: String
    /// Names that may be consumed from.
    public var read: String
    /// By the name of the exchange; a topic exchange without an entry is not limited.
    public var topics: [Topic]
}
