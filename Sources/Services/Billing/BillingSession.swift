import Domain
import Messages
import Postgres
import Runtime
import Store

/// The state of one transaction over a batch of requests: what was loaded, and what is to be stored with it.
struct BillingSession {
    let transaction: WalletTransaction
    let configuration: Configuration
    let now: Moment
    private var answered: AnsweredRequests
    private var keys: [IdempotencyKey: KeyedAnswer]
    private var newKeys: [KeyedAnswer] = []
    private var contacts: [Int64: WalletContact]
    private var changedContacts: Set<Int64> = []
    private var covers: [Int64: Coverage]
    private var coverChanges: [Postgres.Request] = []
    private var audit: [AuditEntry] = []
    private var events: EventSheet

    /// Loads what the requests need beside their wallets, in one round trip.
    init(_ items: [BillingItem], _ transaction: WalletTransaction, _ lane: LaneContext) throws(DatabaseError) {
        self.transaction = transaction
        configuration = lane.configuration
        now = Moment(microseconds: lane.now)
        events = EventSheet(program: lane.program)
        let wallets = transaction.wallets.map(\.id)
        let rows = try transaction.run([
            ProcessedRequests.finding(items.map(\.command.identity), consumer: lane.program),
            IdempotencyKeys.finding(items.compactMap(\.key), scope: .grant), WalletContacts.loading(wallets),
            StaffCoverage.loading(wallets),
        ])
        answered = AnsweredRequests(known: ProcessedRequests.found(in: rows[0]))
        keys = IdempotencyKeys.found(in: rows[1])
        contacts = WalletContacts.found(in: rows[2])
        covers = StaffCoverage.found(in: rows[3])
    }

    /// The moment of a request (`domain.md` 0.1).
    private func moment(_ command: Command) -> Moment {
        guard configuration.isTimeTravel, let time = command.envelope.time else { return now }
        return Moment(microseconds: time)
    }

    /// Handles one request and gives its answer, which a repetition gets again.
    mutating func handle(_ item: BillingItem) throws -> [UInt8] {
        if let answer = answered.answer(to: item.command) { return answer }
        let answer = try answerUnderKey(item)
        answered.keep(answer, to: item.command)
        return answer
    }

    /// What was done under the request's idempotency key before is not done again, whatever the request's own id.
    private mutating func answerUnderKey(_ item: BillingItem) throws -> [UInt8] {
        guard let key = item.key, case .grant(let grant) = item.request else { return try decide(item).answer }
        let digest = grant.contentDigest
        if let known = keys[key] {
            return known.contentDigest == digest ? Array(known.answer.utf8) : BillingAnswers.keyConflict
        }
        let decision = try decide(item)
        // A refusal leaves the key free: nothing was granted under it.
        guard decision.isDone else { return decision.answer }
        let new = KeyedAnswer(key: key, contentDigest: digest, answer: String(decoding: decision.answer, as: UTF8.self))
        keys[key] = new
        newKeys.append(new)
        return decision.answer
    }

    /// What came of a request.
    private struct Decision {
        let isDone: Bool
        let answer: [UInt8]
    }

    /// Decides on a copy of the wallet, which takes its place only when the request is done.
    private mutating func decide(_ item: BillingItem) throws -> Decision {
        let moment = moment(item.command)
        let change = WalletChange(request: item.request, cause: item.command.identity, moment: moment)
        var isNew = false
        if transaction.place(of: item.organization) == nil {
            guard item.request.opensWallet else { return Decision(isDone: false, answer: BillingAnswers.unknownOrganization) }
            do throws(WalletRefusal) {
                // First on a wallet that exists here only: a request that is refused opens nothing.
                var trial = opening.wallet(of: item.organization, at: moment)
                _ = try change.open(&trial, welcomeGrant: configuration.welcomeGrant)
            } catch {
                return Decision(isDone: false, answer: BillingAnswers.refused(error, change, nil))
            }
            isNew = try open(item.organization, at: moment)
        }
        guard let place = transaction.place(of: item.organization) else { preconditionFailure("an opened wallet is loaded") }
        let before = state(place)
        var after = before
        let tokens: Int64?
        do throws(WalletRefusal) {
            tokens = isNew ? try change.open(&after, welcomeGrant: configuration.welcomeGrant) : try change.apply(to: &after)
        } catch {
            // The trial succeeded on a wallet like this, so this cannot be; if it is, the whole transaction has to go.
            if isNew { throw error }
            return Decision(isDone: false, answer: BillingAnswers.refused(error, change, before))
        }
        store(after, place, instead: isNew ? nil : before, item, moment)
        let opened: Bool? = item.request.opensWallet ? isNew : nil
        return Decision(isDone: true, answer: BillingAnswers.done(after.wallet, at: moment, tokens: tokens, opened: opened))
    }

    private var opening: WalletStart {
        WalletStart(trialUses: configuration.trialUses, monthlyAllowance: configuration.monthlyAllowance)
    }

    /// Opens a wallet and answers whether this step did it: another lane may have been faster.
    private mutating func open(_ organization: String, at moment: Moment) throws(DatabaseError) -> Bool {
        try transaction.open(
            WalletOpening(
                organizations: [organization], trialUses: configuration.trialUses, monthlyAllowance: configuration.monthlyAllowance,
                moment: moment))
        if transaction.opened.contains(organization) { return true }
        guard let place = transaction.place(of: organization) else { return false }
        let wallet = [transaction.wallets[place].id]
        let rows = try transaction.run([WalletContacts.loading(wallet), StaffCoverage.loading(wallet)])
        contacts.merge(WalletContacts.found(in: rows[0])) { _, new in new }
        covers.merge(StaffCoverage.found(in: rows[1])) { _, new in new }
        return false
    }

    private func state(_ place: Int) -> WalletState {
        let wallet = transaction.wallets[place]
        return WalletState(wallet: wallet, contact: contacts[wallet.id] ?? WalletContact(), cover: covers[wallet.id])
    }

    /// Takes a changed wallet into the transaction, with its audit row and its events.
    private mutating func store(
        _ after: WalletState, _ place: Int, instead before: WalletState?, _ item: BillingItem, _ moment: Moment
    ) {
        let told = transaction.wallets[place].journal.announcements.count
        let id = after.wallet.id
        if after.contact != contacts[id] ?? WalletContact() { changedContacts.insert(id) }
        if after.cover != covers[id] { coverChanges += StaffCoverage.replacing(of: id, with: after.runningCover(at: moment), at: moment) }
        transaction.wallets[place] = after.wallet
        contacts[id] = after.contact
        covers[id] = after.cover
        audit.append(
            AuditEntry(
                organization: item.organization, actor: item.actor, action: item.command.type.rawValue,
                before: before?.auditText(at: moment), after: after.auditText(at: moment, item), moment: moment))
        for announced in after.wallet.journal.announcements[told...] {
            events.add(announced, of: after, item, at: moment)
        }
    }

    /// Stores everything and commits.
    func commit(_ lane: LaneContext) throws(DatabaseError) -> [StoredMessage] {
        var further: [Postgres.Request] = []
        if !changedContacts.isEmpty {
            let changed = changedContacts.sorted().map { (wallet: $0, contact: contacts[$0] ?? WalletContact()) }
            further.append(WalletContacts.storing(changed, at: now))
        }
        further += coverChanges
        if !newKeys.isEmpty { further.append(IdempotencyKeys.storing(newKeys, scope: .grant, at: now)) }
        if !audit.isEmpty { further.append(AuditLog.recording(audit)) }
        if let requests = answered.storing(consumer: lane.program, at: now) { further.append(requests) }
        return try transaction.commit(further, outbox: events.messages, program: lane.program) { lane.pass(.beforeCommit) }
    }
}
