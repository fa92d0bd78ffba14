public import AMQP
import Domain
import Messages
import Payments
import Postgres
public import Runtime
import Store
import Telemetry

/// Handles what is asked of billing.
///
/// Commands on wallets (W1, W2, W4 to W7, W9) are handled as one batch:
///
///     read every message ── lock wallets, load what was answered before ── decide in order ── store, commit ── answer
///
/// Everything that a request changes, its audit row, its events and its answer commit in one transaction. A request that a rule refuses
/// changes nothing, and its refusal is kept as its answer. The switch of the system does not stop any of these (`domain.md` 7.9).
///
/// Requests about purchases may need a gateway, so each is handled by itself (`PurchaseDesk`). The runtime hands them over one by one; those
/// of a JSON batch come together and are handled one after another.
public final class BillingStep: Step {
    /// Ticks that say that work is due. Ticks of other consumers do not belong here.
    static let wakeUps = Set(Messages.Consumer.billing.jobs.map(\.routingKey))
    private static let slow = Set(PaymentRequest.types.map(\.rawValue))

    private var row = SystemRow()
    private let desk: PurchaseDesk
    private let webhooks: WebhookSecrets
    private var dueWork = DueWork()

    /// A step of one lane.
    public init(_ configuration: Configuration) {
        desk = PurchaseDesk(configuration)
        webhooks = WebhookSecrets(configuration)
    }

    public func slow(among batch: [Delivery]) -> [Int] {
        batch.indices.filter { Self.slow.contains(batch[$0].originalRoutingKey) }
    }

    public func handle(_ batch: [Delivery], _ lane: LaneContext) throws -> StepResult {
        let types = BillingRequest.types.union(PaymentRequest.types)
        var commands = CommandBatch(batch, accepting: types, wakeUps: Self.wakeUps, sources: lane.sources)
        let (items, payments) = read(&commands, lane)
        var sheet = commands.sheet
        var outbox: [StoredMessage] = []
        if !items.isEmpty {
            outbox += try row.with(lane) { try RequestRace.settle(on: lane.database) { try handle(items, &sheet, lane) } }
        }
        for item in payments {
            let done = try row.with(lane) { try desk.handle(item, lane) }
            switch done.end {
            case .answer(let answer): sheet.answer(item.command.message, item.command.element, answer)
            case .later(let reason): sheet.retry(item.command.message, reason: reason, atLeast: .tenSeconds)
            }
            outbox += done.outbox
            lane.keepAlive()
        }
        outbox += try remind(commands.reminders, lane)
        lane.observeLag(of: items.map(\.command))
        return sheet.result(outbox: outbox)
    }

    /// Looks for due work once a minute, whether a tick comes or not.
    public func tend(_ lane: LaneContext) throws {
        guard dueWork.isTime(lane) else { return }
        _ = try dueWork.look(at: Moment(microseconds: lane.now), lane)
    }

    private func remind(_ reminders: [Reminder], _ lane: LaneContext) throws -> [StoredMessage] {
        guard let tick = reminders.last(where: { $0.type == TickJob.dueWork.routingKey }) else { return [] }
        let now = lane.now
        let moment = tick.time ?? now
        guard moment <= now || lane.configuration.isTimeTravel else {
            lane.log.warning("tick of a future moment refused", [.messageType: .string(tick.type)])
            return []
        }
        return try dueWork.look(at: Moment(microseconds: moment), lane)
    }

    // MARK: Reading

    private func read(_ commands: inout CommandBatch, _ lane: LaneContext) -> ([BillingItem], [PaymentItem]) {
        var items: [BillingItem] = []
        var payments: [PaymentItem] = []
        for command in commands.commands {
            do throws(InvalidRequest) {
                if PaymentRequest.types.contains(command.type) {
                    if let item = try payment(command, &commands, lane) { payments.append(item) }
                } else {
                    items.append(
                        BillingItem(command: command, request: try BillingRequest(command), organization: try command.organization()))
                }
            } catch {
                commands.refuse(command, error)
            }
        }
        return (items, payments)
    }

    /// Nil for a webhook that is not what it claims to be: it goes to the dead letters.
    private func payment(_ command: Command, _ commands: inout CommandBatch, _ lane: LaneContext) throws(InvalidRequest) -> PaymentItem? {
        let request = try PaymentRequest(command)
        if case .organization = request.subject { _ = try command.organization() }
        guard case .gatewayEvent(let received) = request else { return PaymentItem(command: command, request: request, event: nil) }
        // Signed when the gateway sent it, not when it is handled: it may have waited in the queue.
        let moment = Moment(microseconds: command.envelope.time ?? lane.now)
        do throws(WebhookRefusal) {
            return PaymentItem(command: command, request: request, event: try webhooks.read(received, at: moment))
        } catch {
            lane.log.warning("webhook refused", [.reason: .string(error.rawValue)])
            commands.refuse(command, signature: error)
            return nil
        }
    }

    // MARK: Wallets

    private func handle(_ items: [BillingItem], _ sheet: inout AnswerSheet, _ lane: LaneContext) throws -> [StoredMessage] {
        let transaction = try WalletTransaction(
            on: lane.database, WalletLoad(organizations: Array(Set(items.map(\.organization))).sorted()))
        do {
            var session = try BillingSession(items, transaction, lane)
            lane.pass(.loaded)
            for item in items { sheet.answer(item.command.message, item.command.element, try session.handle(item)) }
            lane.pass(.decided)
            return try session.commit(lane)
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
