import HTTP
import Messages

/// One change, as a request to the management interface. A value: planning makes it, applying sends it.
public struct ManagementCall: Sendable, Hashable {
    /// The order in which changes are made: what something rests on comes first, and nothing is routed into a queue before its policy is
    /// in force. Of the partitions' exchange a wrong weight goes before the right one comes: it knows one weight per queue.
    enum Phase: Sendable, CaseIterable {
        case virtualHost, exchange, policy, queue, partitionUnbinding, binding, unbinding, user, rights
    }

    let phase: Phase
    let method: HTTPRequest.Method
    /// Below `/api`, percent-encoded.
    let path: String
    /// JSON, or nothing.
    let body: [UInt8]

    private init(_ phase: Phase, _ method: HTTPRequest.Method, _ segments: [String], _ write: ((inout JSONWriter) -> Void)? = nil) {
        self.phase = phase
        self.method = method
        path = segments.map { "/" + PercentEncoding.encoded($0) }.joined()
        guard let write else {
            body = []
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        body = writer.bytes
    }

    static func make(virtualHost: String) -> ManagementCall {
        ManagementCall(.virtualHost, .put, ["vhosts", virtualHost])
    }

    static func make(_ exchange: TopologyExchange, in host: String) -> ManagementCall {
        ManagementCall(.exchange, .put, ["exchanges", host, exchange.name]) { writer in
            writer.member("type", exchange.type)
            writer.member("durable", exchange.isDurable)
            writer.member("auto_delete", exchange.isAutoDelete)
            writer.member("internal", exchange.isInternal)
            writer.member("arguments", exchange.arguments)
        }
    }

    static func make(_ policy: TopologyPolicy, in host: String) -> ManagementCall {
        ManagementCall(.policy, .put, ["policies", host, policy.name]) { writer in
            writer.member("pattern", policy.pattern)
            writer.member("apply-to", policy.applyTo)
            writer.member("priority", policy.priority)
            writer.member("definition", policy.definition)
        }
    }

    static func make(_ queue: TopologyQueue, in host: String) -> ManagementCall {
        ManagementCall(.queue, .put, ["queues", host, queue.name]) { writer in
            writer.member("durable", queue.isDurable)
            writer.member("auto_delete", queue.isAutoDelete)
            writer.member("arguments", queue.arguments)
        }
    }

    static func bind(_ binding: TopologyBinding, in host: String) -> ManagementCall {
        ManagementCall(.binding, .post, segments(binding, host)) { writer in
            writer.member("routing_key", binding.routingKey)
            writer.member("arguments", binding.arguments)
        }
    }

    static func unbind(_ found: BrokerTopology.Binding, in host: String) -> ManagementCall {
        let isPartition = found.binding.source == TopologyDefinition.partitionExchange
        return ManagementCall(
            isPartition ? .partitionUnbinding : .unbinding, .delete, segments(found.binding, host) + [found.propertiesKey])
    }

    private static func segments(_ binding: TopologyBinding, _ host: String) -> [String] {
        ["bindings", host, "e", binding.source, binding.destinationType == "queue" ? "q" : "e", binding.destination]
    }

    /// Without a hash of its own a new user gets an empty one: it exists and has its rights, and cannot log in until it is given a password.
    static func make(_ user: TopologyUser, keeping found: BrokerTopology.User?) -> ManagementCall {
        ManagementCall(.user, .put, ["users", user.name]) { writer in
            writer.member("password_hash", found?.passwordHash ?? "")
            if let found, !found.hashingAlgorithm.isEmpty { writer.member("hashing_algorithm", found.hashingAlgorithm) }
            writer.member("tags", user.tags.joined(separator: ","))
        }
    }

    static func grant(_ user: TopologyUser, in host: String) -> ManagementCall {
        ManagementCall(.rights, .put, ["permissions", host, user.name]) { writer in
            writer.member("configure", user.configure)
            writer.member("write", user.write)
            writer.member("read", user.read)
        }
    }

    /// The interface removes all topic rights of a user at once; those that are wanted are then given again.
    static func replaceTopics(of user: TopologyUser, in host: String) -> [ManagementCall] {
        let clear = ManagementCall(.rights, .delete, ["topic-permissions", host, user.name])
        return [clear] + user.topics.map { grant($0, to: user, in: host) }
    }

    static func grant(_ topic: TopologyUser.Topic, to user: TopologyUser, in host: String) -> ManagementCall {
        ManagementCall(.rights, .put, ["topic-permissions", host, user.name]) { writer in
            writer.member("exchange", topic.exchange)
            writer.member("write", topic.write)
            writer.member("read", topic.read)
        }
    }
}
