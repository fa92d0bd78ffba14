/// Bindings. One between two of our own objects that nobody described sends messages where they do not belong, so apply removes it: no
/// object and no message goes with it. Bindings to or from what is not ours stay ("anyone may bind", messages.md), with one exception that
/// is reported: a foreign queue on the partitions' exchange takes usage away from the meters.
extension TopologyPlan {
    mutating func compareBindings() {
        let there = Set(found.bindings.map(\.binding))
        for binding in wanted.bindings where !there.contains(binding) {
            add(.missing, TopologyPlan.name(binding), "it is missing", [.bind(binding, in: host)])
        }
        let described = Set(wanted.bindings)
        let sources = Set(wanted.exchanges.map(\.name))
        let destinations = Set(wanted.queues.map(\.name)).union(sources)
        for binding in found.bindings where !described.contains(binding.binding) {
            let (source, destination) = (binding.binding.source, binding.binding.destination)
            let object = TopologyPlan.name(binding.binding)
            let isOursToo = destinations.contains(destination) || TopologyDefinition.isPartition(destination)
            if sources.contains(source) && isOursToo {
                add(.drift, object, "nobody described it, it should not be there", [.unbind(binding, in: host)])
            } else if source == TopologyDefinition.partitionExchange {
                add(.blocked, object, "it takes a share of the usage away from the meters; remove it")
            } else if destinations.contains(destination) {
                add(.extra, object, "nobody described it; it feeds one of our queues from elsewhere")
            }
        }
    }

    private static func name(_ binding: TopologyBinding) -> String {
        let key = binding.routingKey.isEmpty ? "" : " by \(binding.routingKey)"
        return "binding \(binding.source) -> \(binding.destination)\(key)"
    }
}
