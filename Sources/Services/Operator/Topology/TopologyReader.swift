import Messages

/// Reads the objects of a topology from JSON: our own files and the management interface write them alike.
struct TopologyReader {
    /// What the JSON is, for the words of an error: `topology/definitions.json` or `GET /api/queues`.
    let origin: String

    func exchange(_ json: JSONValue) throws(TopologyError) -> TopologyExchange {
        TopologyExchange(
            name: try text(json, "name"), type: try text(json, "type"), isDurable: try flag(json, "durable"),
            isAutoDelete: try flag(json, "auto_delete"), isInternal: json["internal"]?.bool ?? false,
            arguments: try arguments(json, "arguments"))
    }

    func queue(_ json: JSONValue) throws(TopologyError) -> TopologyQueue {
        TopologyQueue(
            name: try text(json, "name"), isDurable: try flag(json, "durable"), isAutoDelete: try flag(json, "auto_delete"),
            arguments: try arguments(json, "arguments"))
    }

    func binding(_ json: JSONValue) throws(TopologyError) -> TopologyBinding {
        TopologyBinding(
            source: try text(json, "source"), destination: try text(json, "destination"),
            destinationType: try text(json, "destination_type"),
            routingKey: try text(json, "routing_key"), arguments: try arguments(json, "arguments"))
    }

    func policy(_ json: JSONValue) throws(TopologyError) -> TopologyPolicy {
        TopologyPolicy(
            name: try text(json, "name"), pattern: try text(json, "pattern"), applyTo: try text(json, "apply-to"),
            priority: json["priority"]?.whole ?? 0, definition: try arguments(json, "definition"))
    }

    func user(_ json: JSONValue) throws(TopologyError) -> TopologyUser {
        var topics: [TopologyUser.Topic] = []
        for topic in try list(json, "topics") {
            topics.append(.init(exchange: try text(topic, "exchange"), write: try text(topic, "write"), read: try text(topic, "read")))
        }
        return TopologyUser(
            name: try text(json, "user"), tags: try list(json, "tags").compactMap(\.text).sorted(), configure: try text(json, "configure"),
            write: try text(json, "write"), read: try text(json, "read"), topics: topics)
    }

    func list(_ json: JSONValue, _ name: String) throws(TopologyError) -> [JSONValue] {
        guard let elements = json[name]?.elements else { throw wrong(name, "an array") }
        return elements
    }

    func text(_ json: JSONValue, _ name: String) throws(TopologyError) -> String {
        guard let text = json[name]?.text else { throw wrong(name, "a string") }
        return text
    }

    private func flag(_ json: JSONValue, _ name: String) throws(TopologyError) -> Bool {
        guard let flag = json[name]?.bool else { throw wrong(name, "true or false") }
        return flag
    }

    private func arguments(_ json: JSONValue, _ name: String) throws(TopologyError) -> TopologyArguments {
        guard let members = json[name]?.members else { throw wrong(name, "an object") }
        return TopologyArguments(members.map { ($0.name, TopologyValue($0.value)) }, uniquingKeysWith: { first, _ in first })
    }

    private func wrong(_ name: String, _ kind: String) -> TopologyError {
        TopologyError(.configuration, "\(origin): \(name) is not \(kind)")
    }
}
