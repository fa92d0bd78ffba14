public import Messages
public import Postgres
public import Telemetry

/// What a step may use while it handles a batch. Belongs to the lane's thread.
public final class LaneContext {
    /// The lane's number in its process, from 0.
    public let lane: Int
    /// The short name of the program: `meter`, `billing`; the one to put into outbox rows.
    public let program: String
    /// The program's configuration.
    public let configuration: Configuration
    /// With the lane's number in every line.
    public let log: Log
    /// The process's metrics.
    public let metrics: Metrics
    /// The process's clocks.
    public let time: TimeSource
    /// Which users are bound to which sources; a step takes in nothing that breaks it.
    public let sources: SourceBindings
    /// Randomness for jitter; nothing that must not be guessed.
    var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
    var connection: DatabaseConnection?
    /// How the lane keeps its connections alive while a step waits; set by the lane.
    var whileWaiting: () -> Void = {}
    private let crash: CrashPoint.Switch

    /// A context; the runtime makes one per lane, tests of steps make their own.
    public init(setup: LaneSetup, program: String, crash: CrashPoint.Switch = CrashPoint.Switch(nil), connection: DatabaseConnection? = nil)
    {
        lane = setup.lane
        self.program = program
        configuration = setup.configuration
        log = setup.log
        metrics = setup.metrics
        time = setup.time
        sources = setup.sources
        self.crash = crash
        self.connection = connection
    }

    /// The lane's database connection, open and outside of a transaction when a step begins. Only while a step runs.
    public var database: DatabaseConnection {
        guard let connection else { preconditionFailure("a step runs only with a database connection") }
        return connection
    }

    /// The wall clock now, microseconds since 1970: the moment of a step (domain.md 0.1) unless `configuration.isTimeTravel`.
    public var now: Int64 { time.wallMicroseconds }

    /// Keeps the lane's broker connections alive. Call between two waits of up to 15 s: the broker's heartbeat is 30 s.
    public func keepAlive() { whileWaiting() }

    /// Marks a place between two steps at which a test may have the process killed; free of cost otherwise.
    @inline(__always)
    public func pass(_ point: CrashPoint) { crash.pass(point) }
}
