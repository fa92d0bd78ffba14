/// Users and their rights (topology/permissions.json).
extension TopologyPlan {
    mutating func compareUsers() {
        guard !wanted.users.isEmpty else { return }
        guard let users = found.users else {
            return remark("users and rights were not compared: the user of AMQP_ADMIN_URL is no administrator")
        }
        let there = Dictionary(users.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for user in wanted.users {
            let object = "user \(user.name)"
            guard let actual = there[user.name] else {
                let rights: [ManagementCall] = [.make(user, keeping: nil), .grant(user, in: host)]
                add(
                    .missing, object, "it is missing (apply makes it without a password: it cannot log in until it is given one)",
                    rights + user.topics.map { .grant($0, to: user, in: host) })
                continue
            }
            if actual.tags != user.tags {
                let words = "tags are \(TopologyPlan.list(actual.tags)), should be \(TopologyPlan.list(user.tags))"
                add(.drift, object, words, [.make(user, keeping: actual)])
            }
            compareRights(user, actual.rights, object)
            compareTopics(user, actual.topics, object)
        }
    }

    private mutating func compareRights(_ user: TopologyUser, _ actual: BrokerTopology.User.Rights?, _ object: String) {
        guard let actual else {
            return add(.missing, object, "it has no rights in the virtual host", [.grant(user, in: host)])
        }
        let pairs = [
            ("configure", actual.configure, user.configure), ("write", actual.write, user.write), ("read", actual.read, user.read),
        ]
        for (name, found, wanted) in pairs where found != wanted {
            add(.drift, object, "right to \(name) is \(found), should be \(wanted)", [.grant(user, in: host)])
        }
    }

    private mutating func compareTopics(_ user: TopologyUser, _ actual: [TopologyUser.Topic], _ object: String) {
        let surplus = actual.filter { topic in !user.topics.contains { $0.exchange == topic.exchange } }
        // A right can only be taken away together with all others of the user, so then all are given again.
        let replacement = surplus.isEmpty ? nil : ManagementCall.replaceTopics(of: user, in: host)
        for topic in user.topics {
            let calls = replacement ?? [ManagementCall.grant(topic, to: user, in: host)]
            guard let there = actual.first(where: { $0.exchange == topic.exchange }) else {
                add(.missing, object, "its keys on \(topic.exchange) are not limited", calls)
                continue
            }
            if there.write != topic.write {
                add(.drift, object, "keys to write on \(topic.exchange) are \(there.write), should be \(topic.write)", calls)
            }
            if there.read != topic.read {
                add(.drift, object, "keys to read on \(topic.exchange) are \(there.read), should be \(topic.read)", calls)
            }
        }
        for topic in surplus {
            add(.drift, object, "it has a right on the keys of \(topic.exchange) that nobody described", replacement ?? [])
        }
    }

    private static func list(_ tags: [String]) -> String { tags.isEmpty ? "none" : tags.joined(separator: ", ") }
}
