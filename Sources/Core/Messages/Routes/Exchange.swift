/// The exchanges (messages.md, Exchanges). The names are a public contract.
public enum Exchange: String, Sendable, CaseIterable {
    /// Producers publish usage here; the routing key is the organization's id.
    case usage = "purser.usage"
    /// Spreads usage over the partitions by routing key.
    case usagePartitions = "purser.usage.partitions"
    /// Requests; the routing key is their type.
    case commands = "purser.commands"
    /// `tick.<job>`.
    case ticks = "purser.ticks"
    /// What happened; the routing key is the event's type.
    case events = "purser.events"
    /// Into the delay queues.
    case retry = "purser.retry"
    /// Into the dead letters.
    case dead = "purser.dead"

    /// The broker's word for how the exchange routes.
    public var kind: String {
        switch self {
        case .usage: "fanout"
        case .usagePartitions: "x-consistent-hash"
        case .commands, .ticks, .events: "topic"
        case .retry, .dead: "direct"
        }
    }
}
