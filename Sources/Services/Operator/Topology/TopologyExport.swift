import Messages

/// Writes a topology in the format of `topology/definitions.json`, which `rabbitmqctl import_definitions` reads too. Users are left out:
/// they belong to the whole broker and have no passwords here.
enum TopologyExport {
    static func bytes(_ topology: TopologyDefinition, virtualHost: String) -> [UInt8] {
        document(
            virtualHost, exchanges: topology.exchanges, queues: topology.queues, bindings: topology.bindings, policies: topology.policies)
    }

    /// Of what the broker holds, that which carries one of our names.
    static func bytes(_ found: BrokerTopology, virtualHost: String) -> [UInt8] {
        document(
            virtualHost, exchanges: found.exchanges.filter { TopologyPlan.isOurs($0.name) },
            queues: found.queues.map(\.queue).filter { TopologyPlan.isOurs($0.name) },
            bindings: found.bindings.map(\.binding).filter { TopologyPlan.isOurs($0.source) && TopologyPlan.isOurs($0.destination) },
            policies: found.policies.filter { TopologyPlan.isOurs($0.name) })
    }

    private static func document(
        _ host: String, exchanges: [TopologyExchange], queues: [TopologyQueue], bindings: [TopologyBinding], policies: [TopologyPolicy]
    ) -> [UInt8] {
        let sections: [(String, [[UInt8]])] = [
            ("vhosts", [object("name", host) { _ in }]),
            ("exchanges", exchanges.map { exchange in object("name", exchange.name, host) { write(exchange, &$0) } }),
            ("queues", queues.map { queue in object("name", queue.name, host) { write(queue, &$0) } }),
            ("bindings", bindings.map { binding in object("source", binding.source, host) { write(binding, &$0) } }),
            ("policies", policies.map { policy in object("name", policy.name, host) { write(policy, &$0) } }),
        ]
        // One object per line, so that two exports can be compared line by line.
        let texts = sections.map { name, lines in
            let body = lines.map { "    " + String(decoding: $0, as: UTF8.self) }.joined(separator: ",\n")
            return lines.isEmpty ? "  \"\(name)\": []" : "  \"\(name)\": [\n\(body)\n  ]"
        }
        return Array("{\n\(texts.joined(separator: ",\n"))\n}\n".utf8)
    }

    /// An object that begins with what it is called, and where it belongs.
    private static func object(_ member: String, _ name: String, _ host: String? = nil, _ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member(member, name)
        writer.member("vhost", ifPresent: host)
        write(&writer)
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ exchange: TopologyExchange, _ writer: inout JSONWriter) {
        writer.member("type", exchange.type)
        writer.member("durable", exchange.isDurable)
        writer.member("auto_delete", exchange.isAutoDelete)
        writer.member("internal", exchange.isInternal)
        writer.member("arguments", exchange.arguments)
    }

    private static func write(_ queue: TopologyQueue, _ writer: inout JSONWriter) {
        writer.member("durable", queue.isDurable)
        writer.member("auto_delete", queue.isAutoDelete)
        writer.member("arguments", queue.arguments)
    }

    private static func write(_ binding: TopologyBinding, _ writer: inout JSONWriter) {
        writer.member("destination", binding.destination)
        writer.member("destination_type", binding.destinationType)
        writer.member("routing_key", binding.routingKey)
        writer.member("arguments", binding.arguments)
    }

    private static func write(_ policy: TopologyPolicy, _ writer: inout JSONWriter) {
        writer.member("pattern", policy.pattern)
        writer.member("apply-to", policy.applyTo)
        writer.member("priority", policy.priority)
        writer.member("definition", policy.definition)
    }
}
