import Messages
import Testing

@testable import Operator

/// The files in `topology/` against the contract (messages.md), without a broker.
@Suite("Topology files")
struct TopologyFilesTests {
    private static let consumers = ["billing", "topup", "notifier", "forecaster", "expiry", "meter"]
    private static let delays: [(String, Int64)] = [
        ("10s", 10), ("1m", 60), ("10m", 600), ("1h", 3600), ("6h", 21_600), ("1d", 86_400), ("2d", 172_800),
    ]

    private func effective(_ name: String, _ definition: TopologyDefinition) throws -> TopologyPolicy {
        let matching = definition.policies.filter { NamePattern.matches($0.pattern, name) == true }
        return try #require(matching.count == 1 ? matching.first : nil, "\(name) is matched by \(matching.map(\.name))")
    }

    @Test("every queue is matched by exactly one policy, however many partitions there are", arguments: [1, 8, 64])
    func policiesDoNotOverlap(_ partitions: Int) throws {
        let definition = try TopologyFixture.definition().withPartitions(partitions)
        for queue in definition.queues { _ = try effective(queue.name, definition) }
        for policy in definition.policies {
            #expect(definition.queues.contains { NamePattern.matches(policy.pattern, $0.name) == true }, "\(policy.name) is of no use")
            #expect(policy.pattern.hasPrefix("^") && policy.pattern.hasSuffix("$") && policy.applyTo == "queues")
        }
        #expect(definition.queues.count { TopologyDefinition.isPartition($0.name) } == partitions)
    }

    @Test("all names of the contract are there, and nothing else")
    func names() throws {
        let definition = try TopologyFixture.definition()
        let types = Dictionary(uniqueKeysWithValues: definition.exchanges.map { ($0.name, $0.type) })
        #expect(
            types == [
                "purser.usage": "fanout", "purser.usage.partitions": "x-consistent-hash", "purser.commands": "topic",
                "purser.ticks": "topic",
                "purser.events": "topic", "purser.retry": "direct", "purser.dead": "direct",
            ])
        var queues = Set((0..<8).map { "purser.usage.\($0)" })
        for consumer in TopologyFilesTests.consumers {
            queues.formUnion(["purser.\(consumer)", "purser.\(consumer).dead"])
            queues.formUnion(TopologyFilesTests.delays.map { "purser.\(consumer).retry.\($0.0)" })
        }
        queues.formUnion(["usage.dead", "usage.log", "commands.log", "ticks.log", "events.log"].map { "purser." + $0 })
        #expect(Set(definition.queues.map(\.name)) == queues && definition.queues.count == queues.count)
        #expect(definition.queues.allSatisfy { $0.isDurable && !$0.isAutoDelete } && definition.exchanges.allSatisfy(\.isDurable))
    }

    @Test("arguments are kind and single active consumer, nothing else")
    func arguments() throws {
        for queue in try TopologyFixture.definition().queues {
            var wanted: TopologyArguments = ["x-queue-type": .text(queue.name.hasSuffix(".log") ? "stream" : "quorum")]
            if TopologyDefinition.isPartition(queue.name) { wanted["x-single-active-consumer"] = .flag(true) }
            #expect(queue.arguments == wanted, "\(queue.name)")
        }
    }

    @Test("work queues dead-letter at least once to their own dead letters, with a fuse of 1,000")
    func workQueues() throws {
        let definition = try TopologyFixture.definition()
        for name in TopologyFilesTests.consumers + (0..<8).map({ "usage.\($0)" }) {
            let set = try effective("purser.\(name)", definition).definition
            #expect(set["dead-letter-exchange"] == .text("purser.dead") && set["delivery-limit"] == .whole(1000))
            #expect(set["dead-letter-routing-key"] == .text(name.hasPrefix("usage") ? "usage" : name))
            #expect(set["dead-letter-strategy"] == .text("at-least-once") && set["overflow"] == .text("reject-publish"))
        }
    }

    @Test("each step of the ladder leads back to its consumer's queue after its time")
    func ladder() throws {
        let definition = try TopologyFixture.definition()
        for consumer in TopologyFilesTests.consumers {
            for (delay, seconds) in TopologyFilesTests.delays {
                let name = "purser.\(consumer).retry.\(delay)"
                let set = try effective(name, definition).definition
                #expect(set["message-ttl"] == .whole(seconds * 1000) && set["dead-letter-exchange"] == .text(""))
                #expect(set["dead-letter-routing-key"] == .text("purser.\(consumer)"))
                #expect(set["dead-letter-strategy"] == .text("at-least-once") && set["overflow"] == .text("reject-publish"))
                let way = definition.bindings.filter { $0.destination == name }
                #expect(way.map(\.source) == ["purser.retry"] && way.map(\.routingKey) == ["\(consumer).\(delay)"])
            }
        }
    }

    @Test("dead letters have no limit and no time-to-live, and no delivery limit is -1, which means 0 on RabbitMQ 3.10")
    func deadLetters() throws {
        let definition = try TopologyFixture.definition()
        for name in TopologyFilesTests.consumers + ["usage"] {
            let set = try effective("purser.\(name).dead", definition).definition
            #expect(Set(set.keys) == ["delivery-limit"])
            #expect(
                definition.bindings.contains {
                    $0.source == "purser.dead" && $0.destination == "purser.\(name).dead" && $0.routingKey == name
                })
        }
        for policy in definition.policies {
            guard case .whole(let limit)? = policy.definition["delivery-limit"] else { continue }
            #expect(limit >= 1000, "\(policy.name)")
        }
    }

    @Test("commands and ticks reach their streams only by keys that reach a queue, so that an unroutable one is returned")
    func streams() throws {
        let definition = try TopologyFixture.definition()
        for exchange in ["purser.commands", "purser.ticks"] {
            let ways = definition.bindings.filter { $0.source == exchange }
            let toStream = Set(ways.filter { $0.destination == exchange + ".log" }.map(\.routingKey))
            #expect(toStream == Set(ways.filter { $0.destination != exchange + ".log" }.map(\.routingKey)) && !toStream.isEmpty)
        }
        for name in ["usage", "commands", "ticks", "events"] {
            #expect(Set(try effective("purser.\(name).log", definition).definition.keys) == ["max-age", "max-length-bytes"])
        }
    }

    @Test("every command of the contract reaches its consumer's queue and the log, nothing else", arguments: RequestType.allCases)
    func commands(_ type: RequestType) throws {
        guard type != .usageRecorded else { return }
        let definition = try TopologyFixture.definition()
        let consumer = try #require(type.rawValue.split(separator: ".").first)
        let ways = definition.bindings.filter { $0.source == "purser.commands" && $0.routingKey == "\(consumer).#" }
        #expect(Set(ways.map(\.destination)) == ["purser.\(consumer)", "purser.commands.log"])
    }

    @Test("every end of a binding exists, and the partitions weigh the same")
    func bindings() throws {
        let definition = try TopologyFixture.definition().withPartitions(12)
        let names = Set(definition.exchanges.map(\.name)).union(definition.queues.map(\.name))
        for binding in definition.bindings { #expect(names.contains(binding.source) && names.contains(binding.destination)) }
        #expect(Set(definition.bindings).count == definition.bindings.count)
        for queue in definition.queues {
            #expect(definition.bindings.contains { $0.destination == queue.name }, "\(queue.name) gets nothing")
        }
        let weights = definition.bindings.filter { $0.source == "purser.usage.partitions" }.map(\.routingKey)
        #expect(weights == [String](repeating: "1", count: 12))
    }

    @Test("the schedule is the contract's, and every tick reaches its consumer")
    func schedule() throws {
        let jobs = try #require(try TopologyFixture.json("schedule.json")["jobs"]?.elements)
        let definition = try TopologyFixture.definition()
        var bound: Set<String> = []
        for job in jobs {
            let (name, consumer) = (try #require(job["job"]?.text), try #require(job["consumer"]?.text))
            #expect(try #require(job["cron"]?.text).split(separator: " ").count == 5 && job["enabled"]?.bool != nil)
            bound.insert("purser.\(consumer) tick.\(name)")
        }
        let ways = definition.bindings.filter { $0.source == "purser.ticks" && !$0.destination.hasSuffix(".log") }
        #expect(Set(ways.map { "\($0.destination) \($0.routingKey)" }) == bound && bound.count == 18)
        // One tick serves every consumer of a job, so its entries agree on when.
        let times = Dictionary(grouping: jobs) { $0["job"]?.text }.mapValues { Set($0.compactMap { $0["cron"]?.text }).count }
        #expect(times.count == 17 && times.values.allSatisfy { $0 == 1 })
    }

    @Test("who moves messages may keep their user; nobody may declare anything; nobody reads another's queue")
    func permissions() throws {
        let users = try TopologyFixture.definition().users
        #expect(users.allSatisfy { $0.configure == "^$" })
        let movers = Set(TopologyFilesTests.consumers.map { "purser-\($0)" }).union(["purser-operator"])
        #expect(Set(users.filter { $0.tags == ["impersonator"] }.map(\.name)) == movers)
        #expect(Set(users.map(\.name)) == movers.union(["purser-scheduler", "purser-gateway", "purser-producer"]))
        for consumer in TopologyFilesTests.consumers {
            let readers = users.filter { NamePattern.matches($0.read, "purser.\(consumer)") == true }
            #expect(readers.map(\.name) == ["purser-\(consumer)"])
            #expect(users.filter { NamePattern.matches($0.read, "purser.\(consumer).dead") == true }.map(\.name) == ["purser-operator"])
        }
        for user in users {
            for exchange in ["purser.commands", "purser.ticks", "purser.events"] where NamePattern.matches(user.write, exchange) == true {
                #expect(user.topics.contains { $0.exchange == exchange }, "\(user.name) may write any key to \(exchange)")
            }
        }
    }

    @Test("bound sources name users that exist")
    func sources() throws {
        let sources = try #require(try TopologyFixture.json("sources.json")["sources"]?.elements)
        let users = Set(try TopologyFixture.definition().users.map(\.name))
        for source in sources {
            let names = try #require(source["users"]?.elements).compactMap(\.text)
            #expect(try #require(source["source"]?.text).hasPrefix("/purser/") && !names.isEmpty && users.isSuperset(of: names))
        }
        #expect(Set(sources.compactMap { $0["source"]?.text }).count == sources.count)
    }

    @Test("what is exported reads back the same")
    func export() throws {
        let definition = try TopologyFixture.definition().withPartitions(3).withTimesToLive(dividedBy: 100)
        let permissions = try FileBytes.read(TopologyFixture.folder.path + "/permissions.json")
        let bytes = TopologyExport.bytes(definition, virtualHost: "elsewhere")
        #expect(try TopologyDefinition(definitions: bytes, permissions: permissions) == definition)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\"vhost\":\"elsewhere\""))
    }

    @Test(
        "files that cannot be read name the file and the field",
        arguments: ["", "{}", "{\"exchanges\":[{}]}", "{\"exchanges\":{}}", "[", "null"])
    func badFiles(_ text: String) throws {
        let permissions = try FileBytes.read(TopologyFixture.folder.path + "/permissions.json")
        do {
            _ = try TopologyDefinition(definitions: Array(text.utf8), permissions: permissions)
            Issue.record("accepted")
        } catch {
            #expect(error.kind == .configuration && error.exitCode == 78 && error.detail.hasPrefix("topology/definitions.json: "))
        }
    }
}
