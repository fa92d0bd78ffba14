public import AMQP
import Domain
import Messages
public import Runtime
import Store

/// Handles what is asked of billing: the commands on wallets (W1, W2, W4 to W7, W9).
///
///     read every message ── lock wallets, load what was answered before ── decide in order ── store, commit ── answer
///
/// Everything that a request changes, its audit row, its events and its answer commit in one transaction. A request that a rule refuses
/// changes nothing, and its refusal is kept as its answer. The switch of the system does not stop any of these (`domain.md` 7.9).
public final class BillingStep: Step {
    /// Ticks that wake jobs which billing does not have yet. A tick only reminds of what stands in the database (`domain.md` 0.2), and
    /// nothing is due there, so it is done when it is read. Ticks of other consumers do not belong here.
    static let wakeUps = Set(Messages.Consumer.billing.jobs.map(\.routingKey))

    private var row = SystemRow()

    /// A step of one lane.
    public init() {}

    public func handle(_ batch: [Delivery], _ lane: LaneContext) throws -> StepResult {
        var commands = CommandBatch(batch, accepting: BillingRequest.types, wakeUps: Self.wakeUps, sources: lane.sources)
        let items = read(&commands)
        guard !items.isEmpty else { return commands.sheet.result() }
        let result = try row.with(lane) { try RequestRace.settle(on: lane.database) { try handle(items, commands.sheet, lane) } }
        lane.observeLag(of: items.map(\.command))
        return result
    }

    private func read(_ commands: inout CommandBatch) -> [BillingItem] {
        var items: [BillingItem] = []
        for command in commands.commands {
            do throws(InvalidRequest) {
                items.append(BillingItem(command: command, request: try BillingRequest(command), organization: try command.organization()))
            } catch {
                commands.refuse(command, error)
            }
        }
        return items
    }

    private func handle(_ items: [BillingItem], _ unanswered: AnswerSheet, _ lane: LaneContext) throws -> StepResult {
        var sheet = unanswered
        let transaction = try WalletTransaction(
            on: lane.database, WalletLoad(organizations: Array(Set(items.map(\.organization))).sorted()))
        do {
            var session = try BillingSession(items, transaction, lane)
            lane.pass(.loaded)
            for item in items { sheet.answer(item.command.message, item.command.element, try session.handle(item)) }
            lane.pass(.decided)
            return sheet.result(outbox: try session.commit(lane))
        } catch {
            // The first error says more than a failed rollback, after which the connection is given up anyway.
            try? transaction.rollback()
            throw error
        }
    }
}

/// A request of a batch, read, and the organization that it concerns.
struct BillingItem {
    let command: Command
    let request: BillingRequest
    let organization: String

    /// The caller's key, where the request has one.
    var key: IdempotencyKey? {
        guard case .grant(let grant) = request, let key = grant.idempotencyKey else { return nil }
        return IdempotencyKey(organization: organization, key: key)
    }

    /// Who is named in the audit log: the person, else the broker's user, else the source (A2).
    var actor: String { request.actor ?? command.actor }
}
