import Glibc
import Messages
@testable import Operator
import PurserTesting

/// The repository's own topology files, and a broker that holds exactly what they describe.
enum TopologyFixture {
    /// The folder `topology/` of this clone.
    static let folder = TopologyFolder(path: #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/topology")

    static func definition() throws -> TopologyDefinition { try folder.definition() }

    /// A file of the folder as JSON.
    static func json(_ name: String) throws -> JSONValue {
        let file = try FileBytes.read(folder.path + "/" + name)
        return try JSONReader.read(file)
    }

    /// What a broker reports to which the definition was applied.
    static func perfect(_ wanted: TopologyDefinition) -> BrokerTopology {
        var found = BrokerTopology()
        found.exchanges = wanted.exchanges
        found.policies = wanted.policies
        found.queues = wanted.queues.map { queue in
            let policy = wanted.policies.first { NamePattern.matches($0.pattern, queue.name) == true }
            return BrokerTopology.Queue(queue: queue, policy: policy?.name)
        }
        found.bindings = wanted.bindings.map { BrokerTopology.Binding(binding: $0, propertiesKey: $0.routingKey) }
        found.users = wanted.users.map { user in
            BrokerTopology.User(
                name: user.name, tags: user.tags, passwordHash: "hash", hashingAlgorithm: "sha",
                rights: .init(configure: user.configure, write: user.write, read: user.read), topics: user.topics)
        }
        return found
    }

    /// The plan for a broker that was perfect before `change`.
    static func plan(_ change: (inout BrokerTopology) throws -> Void) throws -> TopologyPlan {
        let wanted = try definition()
        var found = perfect(wanted)
        try change(&found)
        return TopologyPlan(wanted: wanted, found: found, virtualHost: "purser")
    }
}

/// A file read whole.
enum FileBytes {
    struct Unreadable: Error {
        let path: String
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }
}
