import Domain
import Messages
import Postgres
import Runtime
import Store
import Telemetry

/// One transaction on one wallet and its purchases: what was loaded, what a request or a gateway's news made of it, and what is stored
/// with it. The lock on the wallet protects them all.
///
/// A request that needs a gateway is handled in several such transactions, one before each call and one after the last; see the README
/// of this folder for what is committed where.
final class PurchaseSession {
    let lane: LaneContext
    let item: PaymentItem
    let organization: String
    let transaction: WalletTransaction
    let gateways: Gateways
    let moment: Moment
    var configuration: Configuration { lane.configuration }
    var cause: EventIdentity { item.command.identity }

    var purchases: [Int64: StoredPurchase] = [:]
    var refunds: [Int64: StoredRefund] = [:]
    var contact = WalletContact()
    private(set) var answered = AnsweredRequests(known: [:])

    var events: EventSheet
    var audit: [AuditEntry] = []
    /// For the round trip that commits.
    var requests: [Postgres.Request] = []
    var reminders: [OutboxMessage] = []
    /// Documents that take their numbers at the very end, when their counters are locked.
    var invoices: [PendingInvoice] = []
    var creditNotes: [PendingCreditNote] = []
    /// Invoices that this transaction issued, by purchase.
    var issued: [Int64: Invoice] = [:]
    /// Numbers of credit notes that this transaction issued, by refund.
    var creditNoteNumbers: [Int64: String] = [:]
    /// Whether the gateway, not the customer's bank, turned the newest attempt down.
    var wasRefused = false
    private var loaded: [Int64: StoredPurchase] = [:]
    private var eventIDs = EventIDs()

    /// Locks the wallet, where there is one, and looks whether the request was answered before.
    init(
        _ item: PaymentItem, organization: String, gateways: Gateways, directory: WalletDirectory, _ lane: LaneContext
    ) throws(DatabaseError) {
        self.lane = lane
        self.item = item
        self.organization = organization
        self.gateways = gateways
        transaction = try WalletTransaction(
            on: lane.database, WalletLoad(organizations: organization.isEmpty ? [] : [organization]), directory: directory)
        events = EventSheet(program: lane.program)
        // After the lock: moments of a wallet go up with its sequence.
        if lane.configuration.isTimeTravel, let time = item.command.envelope.time {
            moment = Moment(microseconds: time)
        } else {
            moment = Moment(microseconds: lane.now)
        }
        let rows = try transaction.run([
            ProcessedRequests.finding([item.command.identity], consumer: lane.program),
            WalletContacts.loading(transaction.wallets.map(\.id)),
        ])
        answered = AnsweredRequests(known: ProcessedRequests.found(in: rows[0]))
        if let wallet = transaction.wallets.first { contact = WalletContacts.found(in: rows[1])[wallet.id] ?? WalletContact() }
    }

    // MARK: Loading

    /// Loads purchases; those that are there already stay as they are.
    func load(_ ids: [Int64]) throws(DatabaseError) {
        let missing = ids.filter { purchases[$0] == nil }
        guard !missing.isEmpty else { return }
        for stored in Purchases.found(in: try transaction.run([Purchases.loading(missing)])[0]) {
            purchases[stored.id] = stored
            loaded[stored.id] = stored
        }
    }

    /// A purchase that is loaded.
    func stored(_ id: Int64) -> StoredPurchase {
        guard let stored = purchases[id] else { preconditionFailure("a purchase is loaded before it is used") }
        return stored
    }

    /// Changes the rules' part of a purchase and gives what is to be done about it.
    func decide(_ id: Int64, _ body: (inout Purchase) -> [PurchaseAction]) -> [PurchaseAction] {
        var stored = stored(id)
        let actions = body(&stored.purchase)
        purchases[id] = stored
        return actions
    }

    /// What decisions need to know beside the purchase.
    func circumstances(_ id: Int64) -> PurchaseCircumstances {
        PurchaseCircumstances(at: moment, hasSuccessor: stored(id).hasSuccessor, jitter: Int64.random(in: 0...500))
    }

    // MARK: The wallet

    /// The place of the wallet, which is opened where there is none (W1).
    func walletPlace() throws -> Int {
        if let place = transaction.place(of: organization) { return place }
        let start = WalletOpening(
            organizations: [organization], trialUses: configuration.trialUses, monthlyAllowance: configuration.monthlyAllowance,
            moment: moment)
        try transaction.open(start)
        guard let place = transaction.place(of: organization) else { preconditionFailure("an opened wallet is loaded") }
        if transaction.opened.contains(organization) {
            try changeWallet { wallet throws(AmountError) in
                try wallet.open(welcomeGrant: configuration.welcomeGrant, cause: cause, at: moment)
            }
        }
        return place
    }

    var wallet: Wallet? { transaction.place(of: organization).map { transaction.wallets[$0] } }

    /// Changes the wallet, all or nothing, and tells what it announces.
    func changeWallet<Result, Failure: Error>(_ body: (inout Wallet) throws(Failure) -> Result) throws(Failure) -> Result {
        guard let place = transaction.place(of: organization) else { preconditionFailure("a purchase has a wallet") }
        var wallet = transaction.wallets[place]
        let told = wallet.journal.announcements.count
        let result = try body(&wallet)
        transaction.wallets[place] = wallet
        let context = EventContext(
            moment: moment, traceparent: item.command.envelope.traceparent, actor: item.request.actor, name: contact.name)
        for announced in wallet.journal.announcements[told...] { events.add(announced, organization: organization, context) }
        return result
    }

    // MARK: Telling

    /// Adds an event about the wallet: it says where the ledger stood after it.
    func tellOfWallet(_ payload: some EventPayload) {
        tell(payload, wallet.map { LedgerPosition(sequence: $0.sequence, balanceAfter: $0.balance) })
    }

    /// Adds an event that is not about a balance: of documents, payment methods, packages.
    func tell(_ payload: some EventPayload, _ position: LedgerPosition? = nil) {
        events.add(
            payload, organization: organization.isEmpty ? nil : organization, at: moment, position: position,
            traceparent: item.command.envelope.traceparent)
    }

    /// Sends a reminder through the delay queues, or at once when the moment has come. It may be early: then it is sent on.
    func remind(_ work: BillingDueWork.Work, at due: Moment) {
        let wait = due.since(moment).microseconds / 1_000
        let delay = RetryDelay.allCases.last { $0.milliseconds <= wait } ?? (wait > 0 ? .tenSeconds : nil)
        reminders.append(
            OutboxMessage(
                reminderOf: work, id: eventIDs.next(at: moment), program: lane.program, organization: organization,
                due: max(due, moment), after: delay, traceparent: item.command.envelope.traceparent))
    }

    func note(_ action: String, before: String?, after: String?) {
        audit.append(
            AuditEntry(
                organization: organization.isEmpty ? nil : organization, actor: item.request.actor ?? item.command.actor, action: action,
                before: before, after: after, moment: moment))
    }

    /// Tells the operators that somebody has to look at something: in the log, in the metrics and in the audit log.
    func alert(_ kind: String, _ detail: String, purchase: PurchaseReference?) {
        lane.metrics.counter(.operatorAlerts, kind).add()
        lane.log.error("operator alert", [.reason: .string(kind), .error: .string(detail), .organization: .string(organization)])
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("kind", kind)
        writer.member("detail", detail)
        writer.member("purchase_reference_id", ifPresent: purchase?.text)
        writer.endObject()
        note("operator_alert", before: nil, after: writer.text)
    }

    // MARK: Storing

    /// The answer that the same request got before.
    func knownAnswer() -> [UInt8]? { answered.answer(to: item.command) }

    /// Stores everything and commits.
    /// - Parameter answer: what a repetition of the request gets; nil while it is not answered yet.
    func commit(answer: [UInt8]?) throws -> [StoredMessage] {
        try issueDocuments()
        for id in purchases.keys.sorted() { store(id) }
        if let answer, item.request.isAnswered { answered.keep(answer, to: item.command) }
        if !audit.isEmpty { requests.append(AuditLog.recording(audit)) }
        if let processed = answered.storing(consumer: lane.program, at: moment) { requests.append(processed) }
        return try transaction.commit(requests, outbox: events.messages + reminders, program: lane.program) {
            lane.pass(.beforeCommit)
        }
    }

    /// Stores where a purchase stands, if that changed, with its audit row.
    private func store(_ id: Int64) {
        let now = stored(id)
        guard let before = loaded[id] else { return }
        let isChanged =
            now.purchase != before.purchase || now.paymentMethod != before.paymentMethod || now.pageURL != before.pageURL
            || now.gatewayObject != before.gatewayObject || now.ownAfter != before.ownAfter
        guard isChanged else { return }
        requests.append(Purchases.storing(now, at: moment))
        noteChange(of: now, from: before)
    }

    /// Writes a state that the purchase only passes through: the database allows one move at a time.
    func passThrough(_ id: Int64) {
        let now = stored(id)
        requests.append(Purchases.storing(now, at: moment))
        if let before = loaded[id] { noteChange(of: now, from: before) }
        loaded[id] = now
    }

    /// Inserts a purchase as `pending`.
    func insert(_ new: StoredPurchase) throws(DatabaseError) -> Int64 {
        var stored = new
        stored.id = try transaction.run([Purchases.inserting(new)])[0].int64(0, 0)
        purchases[stored.id] = stored
        loaded[stored.id] = stored
        note(item.command.type.rawValue, before: nil, after: Self.auditText(stored))
        return stored.id
    }

    private func noteChange(of now: StoredPurchase, from before: StoredPurchase) {
        if now.purchase.state.status != before.purchase.state.status {
            lane.metrics.counter(.purchases, now.purchase.scope.type.rawValue, now.purchase.state.status.rawValue).add()
        }
        note(item.command.type.rawValue, before: Self.auditText(before), after: Self.auditText(now))
    }

    private static func auditText(_ stored: StoredPurchase) -> String {
        let state = stored.purchase.state
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("purchase_reference_id", stored.purchase.reference.text)
        writer.member("status", state.status.rawValue)
        writer.member("phase", ifPresent: state.phase?.rawValue)
        writer.member("attempts", Int64(state.attempts))
        writer.member("payment_method_id", ifPresent: stored.paymentMethod)
        writer.member("total_amount", stored.purchase.total.text)
        writer.member("currency", stored.purchase.total.currency.code)
        writer.member("failure_reason", ifPresent: state.failure)
        writer.member("gateway_transaction_id", ifPresent: state.transaction)
        writer.member("cancel_wished", state.isCancelWished)
        writer.endObject()
        return writer.text
    }
}
