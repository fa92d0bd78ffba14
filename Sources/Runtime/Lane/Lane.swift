import AMQP
import Glibc
import Messages
import Postgres
import Store
import Telemetry

/// One OS thread's worth of a consumer: takes batches from the broker, hands them to steps, tells the broker what became of them.
///
/// It owns a connection that only consumes, one for each share for which it stands by, two that only publish, and one to the database.
/// Answers have the second of these two, because whoever asks can have it closed (`AnswerSender`). All of it is plain blocking code in the thread that calls `run`. What to do is decided in pure parts (`OutcomeTable`,
/// `FailurePolicy`, `Acknowledger`, `ConsumeWindow`, ...); this class does it.
final class Lane {
    let context: LaneContext
    let stop: StopSignal
    let health: Health
    let intakes: [Intake]
    let part: Shard
    let instance: String
    let database: LaneDatabase
    let publisher: LanePublisher
    let answers: AnswerSender
    let broker: BrokerConfiguration
    /// The lane's own share first, then those for which it stands by.
    var links: [ConsumerLink]
    var linkRetries: [RetryTimer]
    var publisherRetry = RetryTimer()
    var chores: LaneChores
    var relay: OutboxRelay
    var buffer: [Delivery] = []
    // Set once, at the end of `init`: it needs the lane itself to keep connections alive.
    private(set) var runner: BatchRunner!

    /// - Parameters:
    ///   - broker, database: where the servers are; already checked for sense.
    ///   - stop: ends `run`.
    ///   - gate: shared by the lanes of the process.
    init(
        _ setup: LaneSetup, _ description: ProgramDescription, broker: BrokerConfiguration, database: DatabaseConfiguration,
        stop: StopSignal, health: Health, gate: HandlingGate, crash: CrashPoint.Switch
    ) {
        context = LaneContext(setup: setup, program: description.consumer, crash: crash)
        self.stop = stop
        self.health = health
        self.broker = broker
        intakes = description.intakes(setup)
        part = setup.configuration.shard.part(lane: setup.lane, of: setup.configuration.lanes)
        // The last part tells a process from an earlier one that had its number.
        instance = "\(Lane.hostName()):\(getpid()):\(setup.lane):\(String(UInt16.random(in: 0 ... .max), radix: 16))"
        let name = "\(description.name) lane \(setup.lane) of \(instance)"
        self.database = LaneDatabase(database, schemaVersion: description.schemaVersion, context: context)
        publisher = LanePublisher(
            broker, name: "\(name), publishes", exchanges: description.exchanges + [Exchange.retry.rawValue, Exchange.dead.rawValue],
            context: context)
        answers = AnswerSender(broker, name: "\(name), answers", context: context)
        links = [ConsumerLink(broker, name: name, subscriptions: Lane.own(intakes, part), budget: Lane.budget(intakes), context: context)]
        linkRetries = [RetryTimer()]
        chores = LaneChores(now: context.time.monotonicNanoseconds)
        relay = OutboxRelay(context: context)
        runner = BatchRunner(
            context: context, database: self.database, publisher: publisher, answers: answers, gate: gate, health: health,
            pause: { [unowned self] in pause($0) }, pauseForOthers: { [unowned self] in pauseForOthers() },
            settleBetween: { [unowned self] in settleBetween() })
        context.whileWaiting = { [unowned self] in keepAlive() }
    }

    /// Works until the stop signal, then finishes what it holds. Call once, in the lane's own thread.
    /// - Returns: how the program should end because of this lane.
    func run() -> ExitCode {
        defer { health.ended(lane: context.lane) }
        do {
            guard try start() else {
                close()
                return .done
            }
            context.log.info("lane started", [.shard: .string(part.name)])
            while !stop.isRequested { try turn() }
            try drain()
            context.log.info("lane drained")
            return .done
        } catch let error as StartFailure {
            context.log.error("lane cannot start", [.error: .string(error.reason), .exitCode: .number(error.exitCode.rawValue)])
            close()
            return error.exitCode
        } catch let error as LaneDatabase.WrongSchema {
            context.log.error(
                "the database schema is too old; run purser migrate",
                [.schemaVersion: .number(error.found), .schemaVersionExpected: .number(error.needed)])
            close()
            return .configuration
        } catch {
            context.log.error("lane failed", [.error: "\(error)"])
            close()
            return .software
        }
    }

    func close() {
        for link in links { link.forget() }
        publisher.forget()
        answers.forget()
        database.close()
    }

    static func own(_ intakes: [Intake], _ part: Shard) -> [Subscription] {
        intakes.indices.flatMap { index in
            switch intakes[index].source {
            case .queues(let queues):
                queues.map { Subscription(intake: index, queue: $0, partition: nil, prefetch: intakes[index].prefetch) }
            case .partitions(_, let count): partitions(intakes, index, SharePlan(part: part, partitions: count).own)
            }
        }
    }

    /// The subscriptions of every foreign share, by its number.
    static func foreign(_ intakes: [Intake], _ part: Shard) -> [Int: [Subscription]] {
        var shares: [Int: [Subscription]] = [:]
        for index in intakes.indices {
            guard case .partitions(_, let count) = intakes[index].source else { continue }
            for (owner, numbers) in SharePlan(part: part, partitions: count).foreign {
                shares[owner, default: []] += partitions(intakes, index, numbers)
            }
        }
        return shares
    }

    private static func partitions(_ intakes: [Intake], _ index: Int, _ numbers: [Int]) -> [Subscription] {
        guard case .partitions(let prefix, _) = intakes[index].source else { return [] }
        return numbers.map {
            Subscription(intake: index, queue: "\(prefix)\($0)", partition: $0, prefetch: intakes[index].prefetch)
        }
    }

    static func budget(_ intakes: [Intake]) -> BatchBudget {
        BatchBudget(
            mostMessages: intakes.map(\.batchMessages).max() ?? 1, mostBytes: intakes.map(\.batchBytes).max() ?? 1)
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return "host" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
