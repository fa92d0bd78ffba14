public import AMQP
import Domain
import Messages
import Postgres
public import Runtime
import Store

/// Debits usage events exactly once (U1 to U4, U7, U9 to U11): a whole batch in one transaction of two round trips.
///
///     read every message ── lock wallets, load lots and known events ── decide in order ── store, commit ── answer
///
/// A crash before the commit leaves nothing, and the broker delivers again; a crash after it makes the redelivered events duplicates.
public final class UsageStep: Step {
    private var row = SystemRow()
    private var rates = RateCache()
    private var watch = RepeatWatch()
    private let directory = WalletDirectory()
    private let operators: Set<String>

    /// - Parameter operators: broker users whose `purser-replayed` is believed (`operations.md`, Replay).
    public init(operators: Set<String>) {
        self.operators = operators
    }

    public func handle(_ batch: [Delivery], _ lane: LaneContext) throws -> StepResult {
        let reader = UsageReader(batch, operators: operators, sources: lane.sources)
        guard !reader.items.isEmpty else { return reader.sheet.result() }
        let result = try row.with(lane) { try RequestRace.settle(on: lane.database) { try handle(reader, lane) } }
        // In one closure: an event that passes from one to the next is copied with all its texts.
        lane.observeLag(
            UsageQueue.deadKey, since: reader.items.lazy.compactMap { $0.event.replayedFrom == nil ? $0.event.time.microseconds : nil })
        return result
    }

    private func handle(_ reader: UsageReader, _ lane: LaneContext) throws -> StepResult {
        guard watch.trusts(reader) else { return try decide(reader, lane, asNew: false) }
        do {
            return try decide(reader, lane, asNew: true)
        } catch  where error is RefusalInDoubt || RequestRace.isLost(error) {
            watch.met()
            return try decide(reader, lane, asNew: false)
        }
    }

    /// - Parameter asNew: whether the events are taken as new (`RepeatWatch`).
    private func decide(_ unanswered: UsageReader, _ lane: LaneContext, asNew: Bool) throws -> StepResult {
        var reader = unanswered
        let load = WalletLoad(
            organizations: reader.organizations, identities: asNew ? [] : reader.items.map(\.event.identity), withRefusals: true)
        let transaction = try WalletTransaction(on: lane.database, load, directory: directory)
        do {
            lane.pass(.loaded)
            let book = try rates.rates(version: transaction.system.ratesVersion, on: lane.database)
            var decider = UsageDecider(
                rates: book, moment: Moment(microseconds: lane.now), followsMessages: lane.configuration.isTimeTravel)
            decide(&reader, &decider, transaction)
            if asNew, !decider.refusals.isEmpty { throw RefusalInDoubt() }
            lane.pass(.decided)
            let outbox = try commit(reader, decider, transaction, lane)
            return reader.sheet.result(outbox: outbox)
        } catch {
            // The first error says more than a failed rollback, after which the connection is given up anyway.
            try? transaction.rollback()
            throw error
        }
    }

    private func decide(_ reader: inout UsageReader, _ decider: inout UsageDecider, _ transaction: WalletTransaction) {
        for item in reader.items {
            let result = decider.decide(item.event, in: transaction)
            guard reader.sheet.isAsked(item.message) else { continue }
            let figures = transaction.place(of: item.event.organization).map {
                transaction.wallets[$0].figures(at: decider.moment(of: item.event))
            }
            reader.sheet.answer(item.message, item.element, Self.answer(result, figures))
        }
    }

    private static func answer(_ result: UsageResult, _ figures: WalletFigures?) -> [UInt8] {
        switch (result, figures) {
        case (.decided(let decision), let figures?): MeterAnswers.usage(decision, figures)
        case (.duplicate(let known, let shortage), let figures?): MeterAnswers.duplicate(known, shortage, figures)
        case (.refused(let refusal), _): MeterAnswers.refused(refusal, figures)
        default: MeterAnswers.refused(.conflict, figures)
        }
    }

    /// Stores and commits. Refusals need a round trip of their own first, because only new ones are announced.
    private func commit(
        _ reader: UsageReader, _ decider: UsageDecider, _ transaction: WalletTransaction, _ lane: LaneContext
    ) throws(DatabaseError) -> [StoredMessage] {
        var events = EventSheet(program: lane.program)
        let context = reader.context(decider)
        var further: [Postgres.Request] = []
        if !decider.refusals.isEmpty {
            let refusals = Array(decider.refusals.values)
            let rows = try transaction.run(UsageRefusals.recording(refusals, at: decider.moment))
            for refusal in UsageRefusals.new(of: refusals, in: rows) {
                events.add(refusal, charged: decider.charged(refusal, in: transaction), context(refusal.identity))
            }
        }
        events.add(transaction.wallets, context)
        if !decider.accepted.isEmpty {
            further.append(UsageRefusals.accepting(decider.accepted, at: decider.moment))
        }
        return try transaction.commit(further, outbox: events.messages, program: lane.program) { lane.pass(.beforeCommit) }
    }
}
