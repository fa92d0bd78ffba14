/// What the broker holds in one virtual host, as the management interface reports it.
public struct BrokerTopology: Sendable, Equatable {
    /// A queue and the policy that the broker applies to it.
    public struct Queue: Sendable, Equatable {
        /// As it was declared.
        public var queue: TopologyQueue
        /// The name of the one policy in force, or none.
        public var policy: String?
        /// Messages in it, ready and unacknowledged.
        public var messages: Int64 = 0
    }

    /// A binding and the name under which the broker can remove it.
    public struct Binding: Sendable, Equatable {
        /// From where to where.
        public var binding: TopologyBinding
        /// The broker's own name of the binding, already fit for a path.
        public var propertiesKey: String
    }

    /// A user of the broker. Printing it would show a password's hash, so nothing prints it.
    public struct User: Sendable, Equatable {
        /// Rights in the virtual host; nil: none.
        public struct Rights: Sendable, Equatable {
            /// Names that may be declared and deleted.
            public var configure: String
            /// Names that may be published to.
            public var write: String
            /// Names that may be consumed from.
            public var read: String
        }

        /// The login name.
        public var name: String
        /// Sorted.
        public var tags: [String]
        /// Kept when the tags are written, since the interface replaces the whole user.
        var passwordHash: String
        var hashingAlgorithm: String
        /// What it may do in the virtual host; nil: nothing.
        public var rights: Rights?
        /// By exchange.
        public var topics: [TopologyUser.Topic]
    }

    /// Whether there is such a virtual host at all; without it everything else is empty.
    public var exists = true
    /// Every exchange but the broker's own.
    public var exchanges: [TopologyExchange] = []
    /// Every queue.
    public var queues: [Queue] = []
    /// Every binding but those of the default exchange.
    public var bindings: [Binding] = []
    /// Every policy.
    public var policies: [TopologyPolicy] = []
    /// Every operator policy: limits that the broker's owner lays over all policies.
    public var operatorPolicies: [TopologyPolicy] = []
    /// The users that were asked for and exist; nil where the administrator may not see users.
    public var users: [User]? = []

    /// What a broker without this virtual host holds.
    public static let absent = BrokerTopology(exists: false)
}
