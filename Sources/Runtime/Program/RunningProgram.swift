public import AMQP
public import Messages
public import Postgres
import Synchronization
public import Telemetry

/// The lanes of one consumer program, running in threads of this process. Programs and tests alike start them here. Any thread may ask it
/// to stop.
public final class RunningProgram: Sendable {
    /// What a lane needs from outside.
    public struct Surroundings: Sendable {
        /// Read once.
        public let configuration: Configuration
        /// Where the broker is.
        public let broker: BrokerConfiguration
        /// Where the database is.
        public let database: DatabaseConfiguration
        /// Where lines go.
        public let log: Log
        /// What is counted.
        public let metrics: Metrics
        /// The clocks.
        public let time: TimeSource
        /// Which users are bound to which sources.
        public let sources: SourceBindings

        /// Takes the addresses of the servers from the configuration.
        /// - Throws: the mistakes in `AMQP_URL` and `DATABASE_URL`; exit 78.
        public init(
            _ configuration: Configuration, program: String, log: Log, metrics: Metrics = Metrics(), time: TimeSource = .system,
            sources: SourceBindings = .none
        ) throws(ConfigurationMistakes) {
            self.configuration = configuration
            self.log = log
            self.metrics = metrics
            self.time = time
            self.sources = sources
            do {
                broker = try BrokerConfiguration(url: configuration.text(.amqpURL) ?? "")
            } catch {
                throw ConfigurationMistakes([ConfigurationMistake(name: "AMQP_URL", reason: error.message)])
            }
            database = DatabaseConfiguration(
                url: configuration.text(.databaseURL) ?? "", applicationName: program, connectTimeout: configuration.connectTime,
                statementTimeout: configuration.statementTime, settings: RunningProgram.planner)
        }
    }

    /// Every statement of a lane finds its rows through an index or by their location. A session keeps its plans, also those from when
    /// the tables were small and a scan looked cheap, so scans are made to look dear; compiling (jit) costs more than it could save.
    private static let planner = [
        "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "jit": "off",
    ]

    /// Shared by the lanes.
    public let stop: StopSignal
    /// Gathered from the lanes.
    public let health: Health
    /// What is counted.
    public let metrics: Metrics
    private let ends: Mutex<[ExitCode]>
    private let threads: Mutex<[LaneThread]>
    private let count: Int

    /// Starts the lanes and returns at once.
    /// - Parameter whenEnded: called in the last lane's thread when all have ended, also by themselves.
    public init(
        _ description: ProgramDescription, _ surroundings: Surroundings, whenEnded: @escaping @Sendable () -> Void = {}
    ) {
        let configuration = surroundings.configuration
        let lanes = configuration.lanes
        stop = StopSignal(time: surroundings.time)
        let parts = (0..<lanes).flatMap { ["broker of lane \($0)", "database of lane \($0)"] }
        health = Health(expecting: Set(parts), time: surroundings.time)
        metrics = surroundings.metrics
        count = lanes
        ends = Mutex([])
        threads = Mutex([])
        let crash = CrashPoint.Switch(configuration.crashTrap)
        let gate = HandlingGate()
        for number in 0..<lanes {
            let thread = LaneThread { [self] in
                let setup = LaneSetup(
                    lane: number, configuration: configuration, log: surroundings.log.adding([.lane: .number(number)]),
                    metrics: surroundings.metrics, time: surroundings.time, sources: surroundings.sources)
                let lane = Lane(
                    setup, description, broker: surroundings.broker, database: surroundings.database, stop: stop, health: health,
                    gate: gate, crash: crash)
                ended(lane.run(), drainTime: configuration.drainTime, whenEnded)
            }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Notes how a lane ended. One that fails takes the others with it: half a program helps nobody, and a supervisor starts a whole one.
    private func ended(_ exitCode: ExitCode, drainTime: Duration, _ whenEnded: () -> Void) {
        let all = ends.withLock {
            $0.append(exitCode)
            return $0.count
        }
        if exitCode != .done { stop.request(within: drainTime) }
        if all == count { whenEnded() }
    }

    /// Whether every lane has ended.
    public var isEnded: Bool { ends.withLock { $0.count == count } }

    /// Asks the lanes to finish what they hold within a time.
    public func requestStop(within time: Duration) {
        health.stopping()
        stop.request(within: time)
    }

    /// Waits for every lane to end. - Returns: how the program should end: as its worst lane.
    public func join() -> ExitCode {
        for thread in threads.withLock({ $0 }) { thread.join() }
        return exitCode
    }

    /// How the program should end because of the lanes that have ended so far.
    public var exitCode: ExitCode {
        ends.withLock { $0.max { $0.rawValue < $1.rawValue } ?? .done }
    }
}
