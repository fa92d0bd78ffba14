public import AMQP
import Domain
import Messages
import Postgres
public import Runtime
import Store

/// Handles what is asked of the meter beside usage itself: checks, holds, usage refunds, rates (U2, U5 to U7).
///
/// The same transaction as for usage; the requests are kept with their answers, so that a repetition gets its first answer.
public final class MeterCommandStep: Step {
    private var row = SystemRow()
    private var rates = RateCache()

    public init() {}

    public func handle(_ batch: [Delivery], _ lane: LaneContext) throws -> StepResult {
        var commands = CommandBatch(batch, accepting: MeterRequest.types, sources: lane.sources)
        let requests = read(&commands)
        guard !requests.isEmpty else { return commands.sheet.result() }
        let result = try row.with(lane) { try RequestRace.settle(on: lane.database) { try handle(requests, commands, lane) } }
        lane.observeLag(of: requests.map(\.command))
        return result
    }

    private func handle(_ requests: [Read], _ unanswered: CommandBatch, _ lane: LaneContext) throws -> StepResult {
        var commands = unanswered
        let transaction = try WalletTransaction(
            on: lane.database,
            WalletLoad(
                organizations: Array(Set(requests.compactMap(\.organization))), identities: requests.map(\.command.identity),
                withRefusals: true))
        do {
            var session = try load(requests, transaction, lane)
            lane.pass(.loaded)
            for request in requests { handle(request, &session, &commands) }
            lane.pass(.decided)
            let outbox = try commit(session, requests, lane)
            return commands.sheet.result(outbox: outbox)
        } catch {
            // The first error says more than a failed rollback, after which the connection is given up anyway.
            try? transaction.rollback()
            throw error
        }
    }

    /// Releases holds whose end has passed. One lane of a process is enough, and under time travel the moment is not the clock's to tell.
    public func tend(_ lane: LaneContext) throws {
        guard lane.lane == 0, !lane.configuration.isTimeTravel else { return }
        try HoldSweep().step(lane)
    }

    private struct Read {
        let command: Command
        let request: MeterRequest
        let organization: String?
    }

    private func read(_ commands: inout CommandBatch) -> [Read] {
        var requests: [Read] = []
        for command in commands.commands {
            do throws(InvalidRequest) {
                let request = try MeterRequest(command)
                let organization = request.concernsOrganization ? try command.organization() : nil
                requests.append(Read(command: command, request: request, organization: organization))
            } catch {
                commands.refuse(command, error)
            }
        }
        return requests
    }

    private func load(_ requests: [Read], _ transaction: WalletTransaction, _ lane: LaneContext) throws(DatabaseError) -> MeterSession {
        let holds = requests.compactMap { read in
            read.request.holdID.flatMap { id in read.organization.map { (organization: $0, id: id) } }
        }
        let refunded = requests.compactMap(\.request.refunded)
        let results = try transaction.run(
            [ProcessedRequests.finding(requests.map(\.command.identity), consumer: lane.program), Holds.loading(holds)]
                + RefundableUsages.loading(refunded))
        var session = MeterSession(
            transaction: transaction, rates: try rates.rates(version: transaction.system.ratesVersion, on: lane.database),
            configuration: lane.configuration, now: Moment(microseconds: lane.now))
        session.answered = AnsweredRequests(known: ProcessedRequests.found(in: results[0]))
        for stored in Holds.stored(in: results[1]) {
            guard let place = transaction.place(ofWallet: stored.walletID) else { continue }
            session.holds[HoldKey(organization: transaction.wallets[place].organization, id: stored.hold.id)] = stored
        }
        session.usages = RefundableUsages.stored(in: results[2], repayments: results[3])
        try transaction.loadLots(session.usages.values.flatMap { stored in stored.usage.lots.map { (stored.walletID, $0) } })
        return session
    }

    private func handle(_ read: Read, _ session: inout MeterSession, _ commands: inout CommandBatch) {
        let command = read.command
        if !read.request.isQuestion, let answer = session.answered.answer(to: command) {
            return commands.sheet.answer(command.message, command.element, answer)
        }
        switch session.handle(read.request, command, organization: read.organization) {
        case .later: commands.sheet.retry(command.message, reason: ErrorCode.usageNotFound.rawValue, atLeast: .tenSeconds)
        case .passing(let answer): commands.sheet.answer(command.message, command.element, answer)
        case .answer(let answer):
            commands.sheet.answer(command.message, command.element, answer)
            session.answered.keep(answer, to: command)
        }
    }

    private func context(_ read: Read, _ session: MeterSession) -> EventContext {
        EventContext(
            moment: session.moment(read.command), traceparent: read.command.envelope.traceparent, actor: read.request.actor)
    }

    private func commit(
        _ session: MeterSession, _ requests: [Read], _ lane: LaneContext
    ) throws(DatabaseError) -> [StoredMessage] {
        var events = EventSheet(program: lane.program)
        let contexts = Dictionary(
            requests.map { ($0.command.identity, context($0, session)) }, uniquingKeysWith: { first, _ in first })
        events.add(session.transaction.wallets) { contexts[$0] ?? EventContext(moment: session.now) }
        if !session.conflicts.isEmpty {
            let conflicts = Array(session.conflicts.values)
            let rows = try session.transaction.run(UsageRefusals.recording(conflicts, at: session.now))
            for conflict in UsageRefusals.new(of: conflicts, in: rows) {
                let context = contexts[conflict.identity] ?? EventContext(moment: session.now)
                events.add(conflict, charged: session.charged(conflict), context)
            }
        }
        var further: [Postgres.Request] = []
        for new in session.newRates {
            further += Rates.setting(new.rate, for: new.service, at: session.now)
            further.append(
                AuditLog.recording([
                    AuditEntry(
                        organization: nil, actor: new.actor ?? new.command.actor, action: "meter.rate_set", before: nil,
                        after: new.command.data, moment: session.now)
                ]))
            events.add(
                RateChanged(rate: RateAnswer(new.rate, of: new.service), actor: new.actor), organization: nil,
                at: session.moment(new.command), position: nil, traceparent: new.command.envelope.traceparent)
        }
        if !session.changedHolds.isEmpty { further.append(Holds.storing(session.changedHolds.compactMap { session.holds[$0] })) }
        if !session.refunds.isEmpty { further.append(RefundableUsages.recording(session.refunds)) }
        if let answered = session.answered.storing(consumer: lane.program, at: session.now) { further.append(answered) }
        return try session.transaction.commit(further, outbox: events.messages, program: lane.program) { lane.pass(.beforeCommit) }
    }
}
