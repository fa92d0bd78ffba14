import AMQP
import Postgres
import Store
import Telemetry

/// Hands batches to steps and deals with what goes wrong: repeats, waits for the database, splits, buries (`FailurePolicy`). What became of
/// the messages goes to the link, to the publisher and to the answers. Belongs to the lane's thread.
final class BatchRunner {
    /// How handling ended.
    enum End {
        /// Every message has its outcome.
        case finished
        /// Nobody can tell: the lane stops, or the messages' connection is gone. They come again.
        case abandoned
    }

    let context: LaneContext
    let database: LaneDatabase
    private let publisher: LanePublisher
    private let answers: AnswerSender
    let suspects: SuspectKeeper
    let gate: HandlingGate
    /// Waits for so long while connections live on; false when the lane is to stop.
    let pause: (Duration) -> Bool
    /// Waits for a moment for other lanes; false when the lane's time to finish what it holds is over.
    let pauseForOthers: () -> Bool
    /// Tells the broker what became of messages so far; false when the lane is to stop.
    private let settleBetween: () -> Bool
    private let health: Health
    /// How the messages in hand are handled, as the gate knows it.
    var company = Company.none
    /// The connection by which the messages in hand came.
    private(set) var generation = 0

    /// Who else may be at work while a message is handled.
    enum Company {
        /// Nothing is handled.
        case none
        /// Other lanes too.
        case others
        /// Nobody: it may have crashed a process.
        case nobody
    }

    /// - Parameters:
    ///   - gate: shared by the lanes of the process.
    ///   - pause, pauseForOthers: how the lane waits.
    ///   - settleBetween: what it does between two slow messages.
    init(
        context: LaneContext, database: LaneDatabase, publisher: LanePublisher, answers: AnswerSender, gate: HandlingGate,
        health: Health, pause: @escaping (Duration) -> Bool, pauseForOthers: @escaping () -> Bool,
        settleBetween: @escaping () -> Bool
    ) {
        self.context = context
        self.database = database
        self.publisher = publisher
        self.answers = answers
        self.gate = gate
        self.health = health
        self.pause = pause
        self.pauseForOthers = pauseForOthers
        self.settleBetween = settleBetween
        suspects = SuspectKeeper()
    }

    /// Handles what a link received for one intake, in its order.
    func run(_ batch: [Delivery], hasSuspects: Bool, _ intake: Intake, _ link: ConsumerLink) throws -> End {
        generation = link.generation
        defer { leave() }
        if suspects.hasNotes {
            let end = try withDatabase(link) { connection throws(DatabaseError) in try suspects.takeBack(on: connection) }
            guard end == .finished else { return .abandoned }
        }
        if hasSuspects { return try runSuspects(batch, intake, link) }
        guard enter(.others, link) else { return .abandoned }
        return try runInBounds(batch, intake, link)
    }

    /// Quick messages in batches, then slow ones one by one, each settled before the next one begins.
    func runInBounds(_ batch: [Delivery], _ intake: Intake, _ link: ConsumerLink) throws -> End {
        let slow = intake.step.slow(among: batch)
        if slow.isEmpty { return try runQuick(batch, intake, link) }
        let quick = batch.indices.filter { !slow.contains($0) }.map { batch[$0] }
        if !quick.isEmpty, try runQuick(quick, intake, link) == .abandoned { return .abandoned }
        for place in slow {
            // A lane that is to stop hands back what it has not begun.
            guard settleBetween(), link.generation == generation else { return .abandoned }
            if try process([batch[place]], intake, link) == .abandoned { return .abandoned }
        }
        return .finished
    }

    /// A link may serve intakes with different bounds; each step sees its own.
    private func runQuick(_ batch: [Delivery], _ intake: Intake, _ link: ConsumerLink) throws -> End {
        guard batch.count > intake.batchMessages else { return try process(batch, intake, link) }
        var start = 0
        while start < batch.count {
            let end = min(start + intake.batchMessages, batch.count)
            if try process(Array(batch[start..<end]), intake, link) == .abandoned { return .abandoned }
            start = end
        }
        return .finished
    }

    /// Gets outcomes for a batch, whatever it takes.
    func process(_ batch: [Delivery], _ intake: Intake, _ link: ConsumerLink) throws -> End {
        var repeats = 0
        var backoff = Backoff()
        while true {
            do {
                try database.ready()
                let start = context.time.monotonicNanoseconds
                let result = try intake.step.handle(batch, context)
                context.pass(.afterCommit)
                reportHandling(batch.count, intake, start)
                // Tags of a connection that is gone mean other messages on the next one: these come again, as duplicates.
                guard link.generation == generation else { return .abandoned }
                apply(result, to: batch, intake, link)
                return .finished
            } catch let error as LaneDatabase.WrongSchema {
                throw error
            } catch {
                switch FailurePolicy.action(for: error, repeats: repeats, messages: batch.count) {
                case .again:
                    repeats += 1
                    context.metrics.counter(.batchRetries, intake.consumer).add()
                    context.log.info("batch is done again", [.batchSize: .number(batch.count), .error: "\(error)"])
                    _ = pause(.milliseconds(Int.random(in: 1...(10 * repeats), using: &context.random)))
                    guard link.generation == generation else { return .abandoned }
                case .split: return try split(batch, intake, link, error)
                case .bury(let reason, let detail):
                    guard link.generation == generation else { return .abandoned }
                    apply(.handled(.dead(reason: reason, detail: detail, answer: nil)), to: batch[0], intake, link)
                    return .finished
                case .wait(let reconnect):
                    if reconnect { database.close() }
                    reportAway(error)
                    let length = backoff.next(using: &context.random)
                    guard try pauseAside(length, batch, link), link.generation == generation else { return .abandoned }
                }
            }
        }
    }

    private func split(_ batch: [Delivery], _ intake: Intake, _ link: ConsumerLink, _ error: any Error) throws -> End {
        context.metrics.counter(.splits, intake.consumer).add()
        context.log.warning("batch split to find the message that fails", [.batchSize: .number(batch.count), .error: "\(error)"])
        let middle = batch.count / 2
        guard try process(Array(batch[..<middle]), intake, link) == .finished else { return .abandoned }
        return try process(Array(batch[middle...]), intake, link)
    }

    /// Runs a short piece of database work of the lane's own, waiting for the database where it is away.
    func withDatabase(_ link: ConsumerLink, _ body: (DatabaseConnection) throws(DatabaseError) -> Void) throws -> End {
        var backoff = Backoff()
        while true {
            do {
                try body(database.ready())
                return .finished
            } catch let error as DatabaseError {
                if !error.isRetriable {
                    if error.isConnectionLost { database.close() }
                    reportAway(error)
                }
                guard pause(backoff.next(using: &context.random)), link.generation == generation else { return .abandoned }
            }
        }
    }

    private func reportAway(_ error: any Error) {
        health.trouble("database of lane \(context.lane)", "\(error)")
        context.metrics.gauge(.databaseAway, String(context.lane)).set(1)
        context.log.warning("database away", [.error: "\(error)"])
    }

    private func reportHandling(_ messages: Int, _ intake: Intake, _ start: Int64) {
        context.metrics.gauge(.databaseAway, String(context.lane)).set(0)
        health.fine("database of lane \(context.lane)")
        context.metrics.histogram(.batchSize, intake.consumer).observe(Double(messages))
        context.metrics.histogram(.handling, intake.consumer).observe(context.time.seconds(since: start))
    }

    private func apply(_ result: StepResult, to batch: [Delivery], _ intake: Intake, _ link: ConsumerLink) {
        precondition(result.outcomes.count == batch.count, "a step gives one outcome per message")
        router(intake, link).apply(result, to: batch)
    }

    /// - Parameter whenSafe: called when the message is settled, its copies confirmed.
    func apply(
        _ fate: OutcomeTable.Fate, to delivery: Delivery, _ intake: Intake, _ link: ConsumerLink, whenSafe: (() -> Void)? = nil
    ) {
        router(intake, link).apply(fate, to: delivery, whenSafe: whenSafe)
    }

    private func router(_ intake: Intake, _ link: ConsumerLink) -> OutcomeRouter {
        OutcomeRouter(
            context: context, publisher: publisher, answers: answers, consumer: intake.consumer, hasLadder: intake.hasLadder, link: link)
    }
}
