/// What lies between the wanted and the found: pure, so that every kind of drift can be tested without a broker.
public struct TopologyPlan: Sendable {
    /// Everything that differs, in a stable order: virtual host, exchanges, policies, queues, bindings, users.
    public private(set) var differences: [TopologyDifference] = []
    /// What could not be compared, and why. No difference by itself.
    public private(set) var remarks: [String] = []

    let wanted: TopologyDefinition
    let found: BrokerTopology
    let host: String

    /// Compares. `virtualHost` is where the calls will be sent.
    public init(wanted: TopologyDefinition, found: BrokerTopology, virtualHost: String) {
        self.wanted = wanted
        self.found = found
        host = virtualHost
        if !found.exists {
            add(.missing, "virtual host \(virtualHost)", "it is missing", [.make(virtualHost: virtualHost)])
        }
        compareExchanges()
        comparePolicies()
        compareQueues()
        compareBindings()
        compareUsers()
    }

    /// Whether everything that is wanted is there as described; what is extra does not count.
    public var isComplete: Bool { differences.allSatisfy { $0.kind == .extra } }

    /// The differences that apply mends.
    public var mendable: [TopologyDifference] { differences.filter { !$0.calls.isEmpty } }

    /// The differences that stay after apply.
    public var remaining: [TopologyDifference] { differences.filter { $0.calls.isEmpty } }

    /// Every call once, in an order in which each finds what it rests on.
    var calls: [ManagementCall] {
        var seen: Set<ManagementCall> = []
        let unique = differences.flatMap(\.calls).filter { seen.insert($0).inserted }
        return ManagementCall.Phase.allCases.flatMap { phase in unique.filter { $0.phase == phase } }
    }

    mutating func add(_ kind: TopologyDifference.Kind, _ object: String, _ words: String, _ calls: [ManagementCall] = []) {
        differences.append(TopologyDifference(kind: kind, object: object, words: words, calls: calls))
    }

    mutating func remark(_ text: String) {
        remarks.append(text)
    }

    /// Whether a name is one of ours, described or not.
    static func isOurs(_ name: String) -> Bool { name.hasPrefix("purser.") }

    private mutating func compareExchanges() {
        let there = Dictionary(found.exchanges.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for exchange in wanted.exchanges {
            let object = "exchange \(exchange.name)"
            guard let actual = there[exchange.name] else {
                add(.missing, object, "it is missing", [.make(exchange, in: host)])
                continue
            }
            var words = TopologyDifference.words(found: actual.arguments, wanted: exchange.arguments)
            if actual.type != exchange.type { words.append("type is \(actual.type), should be \(exchange.type)") }
            words += TopologyPlan.words("durable", actual.isDurable, exchange.isDurable)
            words += TopologyPlan.words("auto_delete", actual.isAutoDelete, exchange.isAutoDelete)
            words += TopologyPlan.words("internal", actual.isInternal, exchange.isInternal)
            for word in words {
                add(.blocked, object, "\(word); an exchange cannot be changed: stop its publishers, delete it, and apply again")
            }
        }
        let names = Set(wanted.exchanges.map(\.name))
        for exchange in found.exchanges where TopologyPlan.isOurs(exchange.name) && !names.contains(exchange.name) {
            add(.extra, "exchange \(exchange.name)", "nobody described it; delete it when nothing uses it")
        }
    }

    private mutating func compareQueues() {
        let there = Dictionary(found.queues.map { ($0.queue.name, $0) }, uniquingKeysWith: { first, _ in first })
        for queue in wanted.queues {
            let object = "queue \(queue.name)"
            guard let actual = there[queue.name] else {
                add(.missing, object, "it is missing", [.make(queue, in: host)])
                continue
            }
            var words = TopologyDifference.words(found: actual.queue.arguments, wanted: queue.arguments)
            words += TopologyPlan.words("durable", actual.queue.isDurable, queue.isDurable)
            words += TopologyPlan.words("auto_delete", actual.queue.isAutoDelete, queue.isAutoDelete)
            for word in words {
                add(
                    .blocked, object,
                    "\(word); a queue cannot be changed: stop its publishers, let it run empty (\(actual.messages) messages now), "
                        + "delete it, and apply again")
            }
            // On a queue of another kind our policy is not in force, because that kind lacks some of its settings.
            if actual.queue.arguments["x-queue-type"] == queue.arguments["x-queue-type"] { comparePolicy(of: actual, object) }
        }
        let names = Set(wanted.queues.map(\.name))
        for queue in found.queues where TopologyPlan.isOurs(queue.queue.name) && !names.contains(queue.queue.name) {
            add(
                .extra, "queue \(queue.queue.name)",
                "nobody described it; it holds \(queue.messages) messages: delete it when it is empty and nothing uses it")
        }
    }

    private static func words(_ name: String, _ found: Bool, _ wanted: Bool) -> [String] {
        found == wanted ? [] : ["\(name) is \(found), should be \(wanted)"]
    }
}
