public import Messages

/// One kind of messages that a lane takes in, and who handles them.
public struct Intake {
    /// Where the messages come from.
    public enum Source: Sendable, Equatable {
        /// The same queues for every lane.
        case queues([String])
        /// Queues `prefix0` to `prefix<count - 1>`, each with a single active consumer, shared out among the lanes of all processes.
        case partitions(prefix: String, count: Int)
    }

    /// The name in routing keys of `purser.dead` and `purser.retry`: `usage`, `meter`, `billing`.
    public let consumer: String
    /// Where from.
    public let source: Source
    /// Whether `purser.<consumer>.retry.<delay>` exists. A usage event has no delays (messages.md, "Queues").
    public let hasLadder: Bool
    /// Unacknowledged messages per queue, once the window is wide.
    public let prefetch: Int
    /// Most messages in one call of the step.
    public let batchMessages: Int
    /// Most bytes of bodies in one call of the step; one message may be larger by itself.
    public let batchBytes: Int
    /// Who handles them; this lane's own.
    public let step: any Step

    /// An intake with these parts.
    public init(
        consumer: String, source: Source, hasLadder: Bool, prefetch: Int, batchMessages: Int, batchBytes: Int, step: any Step
    ) {
        self.consumer = consumer
        self.source = source
        self.hasLadder = hasLadder
        self.prefetch = prefetch
        self.batchMessages = batchMessages
        self.batchBytes = batchBytes
        self.step = step
    }

    /// The usage partitions with the windows of the configuration.
    public static func usage(_ configuration: Configuration, step: any Step) -> Intake {
        Intake(
            consumer: UsageQueue.deadKey,
            source: .partitions(prefix: UsageQueue.partitionPrefix, count: configuration.usagePartitions), hasLadder: false,
            prefetch: configuration.prefetch, batchMessages: configuration.batchMessages, batchBytes: configuration.batchBytes, step: step)
    }

    /// The command queue of a consumer with its ladder.
    /// - Parameter window: most unacknowledged messages, where the configuration does not say fewer. A consumer whose messages may take
    ///   seconds keeps it small, so that they spread over its lanes.
    public static func commands(
        of consumer: Messages.Consumer, _ configuration: Configuration, window: Int = .max, step: any Step
    ) -> Intake {
        let prefetch = min(configuration.commandPrefetch, window)
        return Intake(
            consumer: consumer.rawValue, source: .queues([consumer.queue]), hasLadder: true, prefetch: prefetch,
            batchMessages: min(configuration.batchMessages, prefetch), batchBytes: configuration.batchBytes, step: step)
    }
}
