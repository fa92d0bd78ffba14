import Messages

/// Asks the management interface what a virtual host holds.
struct BrokerTopologyReader {
    private let api: ManagementAPI
    private var host: String { api.address.virtualHost }

    init(_ api: ManagementAPI) {
        self.api = api
    }

    /// - Parameter users: the names of the users to look for.
    func read(users: [String]) throws(TopologyError) -> BrokerTopology {
        // Not asked by its own path, which only administrators may read.
        guard let listed = try api.get("exchanges", host)?.elements else {
            var absent = BrokerTopology.absent
            absent.users = try self.users(users)
            return absent
        }
        var found = BrokerTopology()
        let exchanges = TopologyReader(origin: "GET /api/exchanges")
        found.exchanges = try listed.filter { !isBrokersOwn($0["name"]?.text) }
            .map { (item) throws(TopologyError) in try exchanges.exchange(item) }
        found.queues = try queues()
        found.bindings = try bindings()
        found.policies = try policies("policies")
        found.operatorPolicies = try policies("operator-policies")
        found.users = try self.users(users)
        return found
    }

    private func isBrokersOwn(_ exchange: String?) -> Bool {
        guard let exchange else { return false }
        return exchange.isEmpty || exchange.hasPrefix("amq.")
    }

    /// Statistics are up to 5 s old and name no policy until then; without them the answer comes from the broker's own tables.
    private func queues() throws(TopologyError) -> [BrokerTopology.Queue] {
        let reader = TopologyReader(origin: "GET /api/queues")
        return try list("queues", query: "?disable_stats=true&enable_queue_totals=true").map { (item) throws(TopologyError) in
            let policy = item["policy"]?.text.flatMap { $0.isEmpty ? nil : $0 }
            return BrokerTopology.Queue(queue: try reader.queue(item), policy: policy, messages: item["messages"]?.whole ?? 0)
        }
    }

    private func bindings() throws(TopologyError) -> [BrokerTopology.Binding] {
        let reader = TopologyReader(origin: "GET /api/bindings")
        var found: [BrokerTopology.Binding] = []
        for item in try list("bindings") {
            let binding = try reader.binding(item)
            guard !binding.source.isEmpty else { continue }
            found.append(.init(binding: binding, propertiesKey: try reader.text(item, "properties_key")))
        }
        return found
    }

    private func policies(_ kind: String) throws(TopologyError) -> [TopologyPolicy] {
        let reader = TopologyReader(origin: "GET /api/\(kind)")
        return try list(kind).map { (item) throws(TopologyError) in try reader.policy(item) }
    }

    /// Nil where the administrator may manage the virtual host but not see users.
    private func users(_ names: [String]) throws(TopologyError) -> [BrokerTopology.User]? {
        do {
            var found: [BrokerTopology.User] = []
            for name in names {
                guard let user = try api.get("users", name) else { continue }
                found.append(try self.user(name, user))
            }
            return found
        } catch {
            guard error.kind == .forbidden else { throw error }
            return nil
        }
    }

    private func user(_ name: String, _ json: JSONValue) throws(TopologyError) -> BrokerTopology.User {
        let reader = TopologyReader(origin: "GET /api/users")
        // A list since 3.9, one comma-joined text before.
        let tags = json["tags"]?.elements?.compactMap(\.text) ?? (json["tags"]?.text ?? "").split(separator: ",").map(String.init)
        var rights: BrokerTopology.User.Rights?
        if let found = try api.get("permissions", host, name) {
            rights = .init(
                configure: try reader.text(found, "configure"), write: try reader.text(found, "write"), read: try reader.text(found, "read")
            )
        }
        let topics = try (api.get("topic-permissions", host, name)?.elements ?? []).map { (item) throws(TopologyError) in
            TopologyUser.Topic(
                exchange: try reader.text(item, "exchange"), write: try reader.text(item, "write"), read: try reader.text(item, "read"))
        }
        return BrokerTopology.User(
            name: name, tags: tags.sorted(), passwordHash: json["password_hash"]?.text ?? "",
            hashingAlgorithm: json["hashing_algorithm"]?.text ?? "", rights: rights, topics: topics)
    }

    private func list(_ kind: String, query: String = "") throws(TopologyError) -> [JSONValue] {
        guard let answer = try api.get(kind, host, query: query)?.elements else {
            throw TopologyError(.refused, "the management interface does not list \(kind)")
        }
        return answer
    }
}
