import Messages

/// What the broker should hold: `topology/definitions.json` and `topology/permissions.json`, with the deployment's settings applied.
public struct TopologyDefinition: Sendable, Equatable {
    /// The exchanges, in the order of the file.
    public private(set) var exchanges: [TopologyExchange]
    /// The queues, in the order of the file.
    public private(set) var queues: [TopologyQueue]
    /// The bindings, in the order of the file.
    public private(set) var bindings: [TopologyBinding]
    /// The policies, in the order of the file.
    public private(set) var policies: [TopologyPolicy]
    /// The users with their rights; empty where they are not to be compared.
    public private(set) var users: [TopologyUser]

    /// The exchange that spreads usage over the partitions.
    static let partitionExchange = "purser.usage.partitions"

    /// Reads both files' contents.
    /// - Throws: `configuration`, naming the file and the field.
    public init(definitions: [UInt8], permissions: [UInt8]) throws(TopologyError) {
        let file = TopologyReader(origin: "topology/definitions.json")
        let json = try TopologyDefinition.document(definitions, file.origin)
        exchanges = try file.list(json, "exchanges").map { (item) throws(TopologyError) in try file.exchange(item) }
        queues = try file.list(json, "queues").map { (item) throws(TopologyError) in try file.queue(item) }
        bindings = try file.list(json, "bindings").map { (item) throws(TopologyError) in try file.binding(item) }
        policies = try file.list(json, "policies").map { (item) throws(TopologyError) in try file.policy(item) }
        let rights = TopologyReader(origin: "topology/permissions.json")
        let allowed = try TopologyDefinition.document(permissions, rights.origin)
        users = try rights.list(allowed, "users").map { (item) throws(TopologyError) in try rights.user(item) }
    }

    private static func document(_ bytes: [UInt8], _ origin: String) throws(TopologyError) -> JSONValue {
        do {
            return try JSONReader.read(bytes)
        } catch {
            throw TopologyError(.configuration, "\(origin): \(error.detail)")
        }
    }

    /// The same with `count` partitions (at least 1), all made like the file's first one.
    public func withPartitions(_ count: Int) -> TopologyDefinition {
        var result = self
        guard let first = queues.first(where: { $0.name == "purser.usage.0" }),
            let way = bindings.first(where: { $0.destination == first.name })
        else { return self }
        let numbers = 0..<max(1, count)
        let at = queues.firstIndex { TopologyDefinition.isPartition($0.name) } ?? 0
        result.queues.removeAll { TopologyDefinition.isPartition($0.name) }
        result.queues.insert(contentsOf: numbers.map { first.renamed("purser.usage.\($0)") }, at: at)
        let place = bindings.firstIndex { TopologyDefinition.isPartition($0.destination) } ?? 0
        result.bindings.removeAll { TopologyDefinition.isPartition($0.destination) }
        result.bindings.insert(contentsOf: numbers.map { way.redirected(to: "purser.usage.\($0)") }, at: place)
        return result
    }

    /// The same with every time-to-live divided, so that a test sees the whole ladder in moments (10 s by 100: 100 ms). At least 1 ms.
    public func withTimesToLive(dividedBy scale: Int64) -> TopologyDefinition {
        var result = self
        for index in result.policies.indices {
            if case .whole(let milliseconds) = result.policies[index].definition["message-ttl"] {
                result.policies[index].definition["message-ttl"] = .whole(max(1, milliseconds / max(1, scale)))
            }
        }
        return result
    }

    /// The same without users: for an administrator that may not see them, or a broker whose users are kept elsewhere.
    public func withoutUsers() -> TopologyDefinition {
        var result = self
        result.users = []
        return result
    }

    /// The same with other login names, since users belong to the whole broker: two test runs on one broker need their own.
    public func withUserNames(_ rename: (String) -> String) -> TopologyDefinition {
        var result = self
        for index in result.users.indices { result.users[index].name = rename(result.users[index].name) }
        return result
    }

    /// Whether a queue is one of the usage partitions, whatever their number is set to.
    static func isPartition(_ name: String) -> Bool {
        let prefix = "purser.usage."
        guard name.hasPrefix(prefix) else { return false }
        let number = name.dropFirst(prefix.count)
        return !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension TopologyQueue {
    fileprivate func renamed(_ name: String) -> TopologyQueue {
        var copy = self
        copy.name = name
        return copy
    }
}

extension TopologyBinding {
    fileprivate func redirected(to destination: String) -> TopologyBinding {
        var copy = self
        copy.destination = destination
        return copy
    }
}
