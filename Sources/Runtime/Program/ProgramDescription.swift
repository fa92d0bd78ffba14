public import Messages
public import Telemetry

/// What a consumer program is, for `Program.run`.
public struct ProgramDescription: Sendable {
    /// Its name as users know it: `purser-meter`.
    public let name: String
    /// One line for `--help`.
    public let summary: String
    /// Its short name in tables and routing keys: `meter`.
    public let consumer: String
    /// Variables without which it cannot work, beside `AMQP_URL` and `DATABASE_URL`.
    public let required: Set<Setting>
    /// Whether it has partitions to share out (`--shard`).
    public let hasShards: Bool
    /// The migration that the database must have reached.
    public let schemaVersion: Int
    /// Exchanges that it publishes to, beside `purser.retry` and `purser.dead`; they must exist at the start.
    public let exchanges: [String]
    /// Metric families of its own.
    public let metrics: [MetricFamily]
    /// What a lane takes in, and the lane's own steps. Called once per lane, in the lane's thread.
    public let intakes: @Sendable (LaneSetup) -> [Intake]

    /// A description with these parts.
    public init(
        name: String, summary: String, consumer: String, required: Set<Setting> = [], hasShards: Bool = false, schemaVersion: Int,
        exchanges: [String] = [Exchange.events.rawValue], metrics: [MetricFamily] = [], intakes: @escaping @Sendable (LaneSetup) -> [Intake]
    ) {
        self.name = name
        self.summary = summary
        self.consumer = consumer
        self.required = required
        self.hasShards = hasShards
        self.schemaVersion = schemaVersion
        self.exchanges = exchanges
        self.metrics = metrics
        self.intakes = intakes
    }
}

/// What is known when a lane is set up.
public struct LaneSetup: Sendable {
    /// From 0.
    public let lane: Int
    /// The program's configuration.
    public let configuration: Configuration
    /// With the lane's number in every line.
    public let log: Log
    /// The process's metrics.
    public let metrics: Metrics
    /// The process's clocks.
    public let time: TimeSource
    /// Which users are bound to which sources.
    public let sources: SourceBindings

    /// A set-up with these parts; tests make their own.
    public init(
        lane: Int, configuration: Configuration, log: Log, metrics: Metrics, time: TimeSource, sources: SourceBindings = .none
    ) {
        self.lane = lane
        self.configuration = configuration
        self.log = log
        self.metrics = metrics
        self.time = time
        self.sources = sources
    }
}
