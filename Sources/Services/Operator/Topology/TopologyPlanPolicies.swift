/// Policies: as objects of their own, and as what is in force on each queue, since a foreign one can push ours aside.
extension TopologyPlan {
    mutating func comparePolicies() {
        let there = Dictionary(found.policies.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let inForce = Set(found.queues.compactMap(\.policy))
        for policy in wanted.policies {
            let object = "policy \(policy.name)"
            guard let actual = there[policy.name] else {
                add(.missing, object, "it is missing", [.make(policy, in: host)])
                continue
            }
            var words: [String] = []
            if actual.pattern != policy.pattern { words.append("pattern is \(actual.pattern), should be \(policy.pattern)") }
            if actual.applyTo != policy.applyTo { words.append("apply-to is \(actual.applyTo), should be \(policy.applyTo)") }
            if actual.priority != policy.priority { words.append("priority is \(actual.priority), should be \(policy.priority)") }
            // Where the policy is in force its settings are named queue by queue.
            if !inForce.contains(policy.name) {
                words += TopologyDifference.words(found: actual.definition, wanted: policy.definition)
            }
            for word in words { add(.drift, object, word, [.make(policy, in: host)]) }
        }
        let names = Set(wanted.policies.map(\.name))
        for policy in found.policies where TopologyPlan.isOurs(policy.name) && !names.contains(policy.name) {
            add(.extra, "policy \(policy.name)", "nobody described it; delete it when it is of no use")
        }
    }

    /// What is in force on one queue that exists.
    mutating func comparePolicy(of actual: BrokerTopology.Queue, _ object: String) {
        compareOperatorPolicies(actual.queue.name, object)
        let wantedPolicy = wanted.policies.first { NamePattern.matches($0.pattern, actual.queue.name) == true }
        guard let policy = wantedPolicy, let there = found.policies.first(where: { $0.name == policy.name }) else { return }
        if actual.policy == policy.name {
            for word in TopologyDifference.words(found: there.definition, wanted: policy.definition) {
                add(.drift, object, "policy \(word)", [.make(policy, in: host)])
            }
            return
        }
        let words = "policy in force is \(actual.policy ?? "none"), should be \(policy.name)"
        guard let other = found.policies.first(where: { $0.name == actual.policy }) else {
            // None is in force although ours is there: its pattern or reach is wrong, or the broker missed a change.
            return add(.drift, object, words, [.make(policy, in: host)])
        }
        if let described = wanted.policies.first(where: { $0.name == other.name }) {
            return add(.drift, object, words, [.make(policy, in: host), .make(described, in: host)])
        }
        if other.priority < policy.priority {
            return add(.drift, object, words, [.make(policy, in: host)])
        }
        add(
            .blocked, object,
            "\(words), and that has priority \(other.priority): give it one below \(policy.priority), or delete it "
                + "(rabbitmqctl clear_policy -p \(host) '\(other.name)'), and apply again")
    }

    /// An operator policy can only lower numbers, but a low one loses messages or holds them up.
    private mutating func compareOperatorPolicies(_ queue: String, _ object: String) {
        for policy in found.operatorPolicies {
            guard policy.applyTo != "exchanges", NamePattern.matches(policy.pattern, queue) != false else { continue }
            for (name, value) in policy.definition.sorted(by: { $0.key < $1.key }) {
                add(
                    .blocked, object,
                    "operator policy \(policy.name) limits \(name) to \(value): give it a pattern that leaves our queues out, or delete it "
                        + "(rabbitmqctl clear_operator_policy -p \(host) '\(policy.name)')")
            }
        }
    }
}
