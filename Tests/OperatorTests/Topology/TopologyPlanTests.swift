import HTTP
import Testing

@testable import Operator

/// Every kind of drift in words, without a broker.
@Suite("Topology plan")
struct TopologyPlanTests {
    private func words(_ change: (inout BrokerTopology) throws -> Void) throws -> [String] {
        try TopologyFixture.plan(change).differences.map { "\($0.kind.rawValue): \($0)" }
    }

    private func index(_ found: BrokerTopology, _ queue: String) throws -> Int {
        try #require(found.queues.firstIndex { $0.queue.name == queue })
    }

    @Test("nothing differs, nothing is sent")
    func perfect() throws {
        let plan = try TopologyFixture.plan { _ in }
        #expect(plan.differences.isEmpty && plan.calls.isEmpty && plan.isComplete)
    }

    @Test("from nothing: everything is made once, what others rest on first")
    func fromNothing() throws {
        let wanted = try TopologyFixture.definition()
        let plan = TopologyPlan(wanted: wanted, found: .absent, virtualHost: "a/b c")
        #expect(plan.differences.allSatisfy { $0.kind == .missing } && !plan.isComplete)
        let paths = plan.calls.map(\.path)
        #expect(paths.first == "/vhosts/a%2Fb%20c" && paths[1].hasPrefix("/exchanges/a%2Fb%20c/purser.usage"))
        let kinds = paths.map { $0.split(separator: "/")[0] }
        var order: [Substring] = []
        for kind in kinds where order.last != kind { order.append(kind) }
        #expect(order.prefix(6) == ["vhosts", "exchanges", "policies", "queues", "bindings", "users"])
        #expect(Set(paths.filter { $0.hasPrefix("/queues") }).count == wanted.queues.count)
    }

    @Test("a setting of a policy is named for each queue it is in force on, and sent once")
    func policySetting() throws {
        let plan = try TopologyFixture.plan { found in
            let at = try #require(found.policies.firstIndex { $0.name == "purser.usage.partitions" })
            found.policies[at].definition["dead-letter-strategy"] = .text("at-most-once")
        }
        #expect(plan.differences.count == 8 && plan.calls.count == 1)
        let sentence = "queue purser.usage.3: policy dead-letter-strategy is at-most-once, should be at-least-once"
        #expect(plan.differences.map(\.description).contains(sentence))
    }

    @Test("settings that lack or are too many")
    func policySettings() throws {
        let found = try words { found in
            let at = try #require(found.policies.firstIndex { $0.name == "purser.billing" })
            found.policies[at].definition["delivery-limit"] = nil
            found.policies[at].definition["max-length"] = .whole(5)
        }
        #expect(
            found == [
                "drift: queue purser.billing: policy delivery-limit is not set, should be 1000",
                "drift: queue purser.billing: policy max-length is 5, should not be set",
            ])
    }

    @Test("a policy that is missing, or reaches other queues")
    func policyObjects() throws {
        let found = try words { found in
            found.policies.removeAll { $0.name == "purser.dead" }
            for at in found.queues.indices where found.queues[at].policy == "purser.dead" { found.queues[at].policy = nil }
            let at = try #require(found.policies.firstIndex { $0.name == "purser.meter" })
            found.policies[at].pattern = "^purser"
            found.policies[at].priority = 0
            found.policies.append(.init(name: "purser.old", pattern: "^x$", applyTo: "queues", priority: 0, definition: [:]))
        }
        #expect(
            found == [
                "drift: policy purser.meter: pattern is ^purser, should be ^purser\\.meter$",
                "drift: policy purser.meter: priority is 0, should be 10",
                "missing: policy purser.dead: it is missing",
                "extra: policy purser.old: nobody described it; delete it when it is of no use",
            ])
    }

    @Test("a foreign policy that pushes ours aside is for a person to remove")
    func foreignPolicy() throws {
        let plan = try TopologyFixture.plan { found in
            found.policies.append(.init(name: "site", pattern: ".*", applyTo: "all", priority: 10, definition: ["max-length": .whole(5)]))
            found.queues[try index(found, "purser.topup")].policy = "site"
        }
        let sentence =
            "queue purser.topup: policy in force is site, should be purser.topup, and that has priority 10: give it one below 10, or "
            + "delete it (rabbitmqctl clear_policy -p purser 'site'), and apply again"
        #expect(plan.differences.map(\.description) == [sentence] && plan.calls.isEmpty && !plan.isComplete)
    }

    @Test("an operator policy that limits one of our queues")
    func operatorPolicy() throws {
        let found = try words { found in
            found.operatorPolicies = [
                .init(name: "cap", pattern: "meter$", applyTo: "queues", priority: 0, definition: ["max-length": .whole(9)]),
                .init(name: "others", pattern: "^site", applyTo: "queues", priority: 0, definition: ["max-length": .whole(9)]),
            ]
        }
        #expect(
            found == [
                "blocked: queue purser.meter: operator policy cap limits max-length to 9: give it a pattern that leaves our queues out, or "
                    + "delete it (rabbitmqctl clear_operator_policy -p purser 'cap')"
            ])
    }

    @Test("what a queue was declared with cannot change: the words say what to do")
    func queueArguments() throws {
        let plan = try TopologyFixture.plan { found in
            let at = try index(found, "purser.usage.3")
            found.queues[at].queue.arguments = ["x-queue-type": .text("classic"), "x-max-length": .whole(7)]
            found.queues[at].messages = 12
        }
        let words = plan.differences.map(\.words)
        #expect(words.count == 3 && plan.calls.isEmpty && plan.differences.allSatisfy { $0.kind == .blocked })
        #expect(words[0].hasPrefix("x-max-length is 7, should not be set; a queue cannot be changed: stop its publishers"))
        #expect(words[1].hasPrefix("x-queue-type is classic, should be quorum") && words[1].contains("(12 messages now)"))
        #expect(words[2].hasPrefix("x-single-active-consumer is not set, should be true"))
    }

    @Test("an exchange of another kind")
    func exchange() throws {
        let found = try words { found in
            let at = try #require(found.exchanges.firstIndex { $0.name == "purser.events" })
            found.exchanges[at].type = "direct"
            found.exchanges[at].isDurable = false
            found.exchanges.append(found.exchanges[at])
            found.exchanges[found.exchanges.count - 1].name = "purser.old"
        }
        #expect(
            found.count == 3 && found[0].hasPrefix("blocked: exchange purser.events: type is direct, should be topic; an exchange cannot"))
        #expect(found[1].hasPrefix("blocked: exchange purser.events: durable is false, should be true"))
        #expect(found[2].hasPrefix("extra: exchange purser.old"))
    }

    @Test("bindings: missing ones are made, undescribed ones between our objects are removed, those of others stay")
    func bindings() throws {
        let plan = try TopologyFixture.plan { found in
            found.bindings.removeAll { $0.binding.destination == "purser.billing" && $0.binding.source == "purser.commands" }
            let others = [("purser.events", "purser.expiry", "wallet.#"), ("purser.events", "crm", "#"), ("site", "purser.expiry", "x")]
            for (source, destination, key) in others {
                let binding = TopologyBinding(
                    source: source, destination: destination, destinationType: "queue", routingKey: key, arguments: [:])
                found.bindings.append(.init(binding: binding, propertiesKey: "wallet.%23"))
            }
        }
        #expect(
            plan.differences.map(\.description) == [
                "binding purser.commands -> purser.billing by billing.#: it is missing",
                "binding purser.events -> purser.expiry by wallet.#: nobody described it, it should not be there",
                "binding site -> purser.expiry by x: nobody described it; it feeds one of our queues from elsewhere",
            ])
        #expect(
            plan.calls.map { "\($0.method.rawValue) \($0.path)" } == [
                "POST /bindings/purser/e/purser.commands/q/purser.billing",
                "DELETE /bindings/purser/e/purser.events/q/purser.expiry/wallet.%2523",
            ])
    }

    @Test("fewer partitions: the surplus ones get nothing more, keep what they hold, and are named")
    func fewerPartitions() throws {
        let wanted = try TopologyFixture.definition()
        let plan = TopologyPlan(wanted: wanted.withPartitions(6), found: TopologyFixture.perfect(wanted), virtualHost: "purser")
        #expect(plan.calls.map(\.phase) == [.partitionUnbinding, .partitionUnbinding])
        #expect(plan.differences.filter { $0.kind == .extra }.map(\.object) == ["queue purser.usage.6", "queue purser.usage.7"])
        #expect(!plan.isComplete && plan.remaining.allSatisfy { $0.kind == .extra })
    }

    @Test("a wrong weight goes before the right one comes")
    func weights() throws {
        let plan = try TopologyFixture.plan { found in
            let at = try #require(found.bindings.firstIndex { $0.binding.destination == "purser.usage.3" })
            found.bindings[at].binding.routingKey = "9"
        }
        #expect(plan.calls.map(\.method) == [.delete, .post])
    }

    @Test("a foreign queue on the partitions' exchange takes usage away")
    func thief() throws {
        let found = try words { found in
            let binding = TopologyBinding(
                source: "purser.usage.partitions", destination: "crm", destinationType: "queue", routingKey: "1", arguments: [:])
            found.bindings.append(.init(binding: binding, propertiesKey: "1"))
        }
        #expect(
            found == ["blocked: binding purser.usage.partitions -> crm by 1: it takes a share of the usage away from the meters; remove it"]
        )
    }

    @Test("users: tags, rights and keys")
    func users() throws {
        let plan = try TopologyFixture.plan { found in
            var users = try #require(found.users)
            users.removeAll { $0.name == "purser-scheduler" }
            let meter = try #require(users.firstIndex { $0.name == "purser-meter" })
            users[meter].tags = ["administrator"]
            users[meter].rights?.write = ".*"
            let billing = try #require(users.firstIndex { $0.name == "purser-billing" })
            users[billing].rights = nil
            users[billing].topics.removeFirst()
            let gateway = try #require(users.firstIndex { $0.name == "purser-gateway" })
            users[gateway].topics[0].write = ".*"
            users[gateway].topics.append(.init(exchange: "amq.topic", write: ".*", read: ".*"))
            found.users = users
        }
        let words = plan.differences.map(\.description)
        #expect(words.count == 7)
        #expect(words[0] == "user purser-meter: tags are administrator, should be impersonator")
        #expect(words[1].hasPrefix("user purser-meter: right to write is .*, should be ^(purser"))
        #expect(words[2] == "user purser-billing: it has no rights in the virtual host")
        #expect(words[3] == "user purser-billing: its keys on purser.events are not limited")
        #expect(words[4].hasPrefix("user purser-scheduler: it is missing"))
        #expect(words[5].hasPrefix("user purser-gateway: keys to write on purser.commands are .*, should be "))
        #expect(words[6] == "user purser-gateway: it has a right on the keys of amq.topic that nobody described")
        let tags = try #require(plan.calls.first { $0.path == "/users/purser-meter" })
        #expect(String(decoding: tags.body, as: UTF8.self) == #"{"password_hash":"hash","hashing_algorithm":"sha","tags":"impersonator"}"#)
        #expect(!words.joined().contains("hash"))
    }

    @Test("users that may not be seen are a remark, no difference")
    func hiddenUsers() throws {
        let plan = try TopologyFixture.plan { $0.users = nil }
        #expect(plan.differences.isEmpty && plan.remarks.count == 1)
        let wanted = try TopologyFixture.definition().withoutUsers()
        #expect(TopologyPlan(wanted: wanted, found: TopologyFixture.perfect(wanted), virtualHost: "x").remarks.isEmpty)
    }

    @Test("a report sums up in words and as JSON")
    func report() throws {
        let plan = try TopologyFixture.plan { $0.queues.removeAll { $0.queue.name == "purser.meter" } }
        let report = TopologyReport(
            virtualHost: "purser", mended: [], remaining: plan.differences, remarks: ["r"], changes: 0, exitCode: 1)
        #expect(report.lines == ["missing  queue purser.meter", "note     r", "virtual host purser has 1 difference"])
        let json = #"{"virtual_host":"purser","changes":0,"mended":[],"differences":[{"kind":"missing","object":"queue purser.meter","#
        #expect(String(decoding: report.json, as: UTF8.self).hasPrefix(json))
    }
}
