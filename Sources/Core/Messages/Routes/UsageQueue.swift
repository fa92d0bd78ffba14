/// The queues of usage events. They have no delay ladder: an event is done, dead, or waits for the database.
public enum UsageQueue {
    /// How many partitions there are unless a deployment says otherwise.
    public static let defaultPartitions = 8
    /// What the names of the partitions begin with; a number from 0 follows.
    public static let partitionPrefix = "purser.usage."
    /// The dead letters of all partitions.
    public static let dead = "purser.usage.dead"
    /// The routing key to `purser.dead` for them.
    public static let deadKey = "usage"

    /// A partition, from 0.
    public static func partition(_ number: Int) -> String { "\(partitionPrefix)\(number)" }
}

/// The streams that keep what was sent, for replay (messages.md, Queues).
public enum StreamQueue: String, Sendable, CaseIterable {
    case usage = "purser.usage.log"
    case commands = "purser.commands.log"
    case ticks = "purser.ticks.log"
    case events = "purser.events.log"

    /// The exchange whose messages it keeps.
    public var exchange: Exchange {
        switch self {
        case .usage: .usage
        case .commands: .commands
        case .ticks: .ticks
        case .events: .events
        }
    }
}
