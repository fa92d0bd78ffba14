import Domain
import Messages
import Store

/// What became of a usage event in this delivery.
enum UsageResult {
    /// Decided now.
    case decided(UsageDecision)
    /// Decided by an earlier delivery: its first outcome holds (`domain.md` 5.1).
    /// - shortage: where it was rejected for want of tokens.
    case duplicate(DecidedUsage, shortage: Shortage?)
    /// Refused for now (`domain.md` 5.2).
    case refused(UsageRefusal)
    /// The same identity with other content.
    case conflict
}

/// What a rejected event would cost, and how much of it the wallet lacks.
struct Shortage {
    let required: Int64
    let missing: Int64
}

/// Decides the usage events of one batch on the wallets of one transaction, in their order.
///
/// Pure but for the wallets that it changes; the caller loads, stores and answers.
struct UsageDecider {
    let rates: RateBook
    let moment: Moment
    /// Under time travel the moment of a step is its message's time (`domain.md` 0.1).
    let followsMessages: Bool
    private(set) var refusals: [RefusalKey: RecordedRefusal] = [:]
    /// Events that were decided now while refusals stand: one of the same content is accepted thereby.
    private(set) var accepted: [RefusalKey] = []

    init(rates: RateBook, moment: Moment, followsMessages: Bool) {
        self.rates = rates
        self.moment = moment
        self.followsMessages = followsMessages
    }

    /// The moment at which an event is handled.
    func moment(of event: UsageEvent) -> Moment {
        followsMessages ? event.time : moment
    }

    /// Decides one event. Answers the place of its wallet too, where there is one.
    mutating func decide(_ event: UsageEvent, in transaction: WalletTransaction) -> UsageResult {
        let place = transaction.place(of: event.organization)
        if let known = transaction.decided[event.identity] {
            // Tokens that are no whole number are unlike none, and were never decided.
            guard let place, event.tokens != .invalid, known.hasContent(of: event, wallet: transaction.wallets[place].id) else {
                return refuse(event, UsageRefusal(.conflict))
            }
            return .duplicate(known, shortage: shortage(of: event, known, transaction.wallets[place]))
        }
        guard let place else { return refuse(event, UsageRefusal(.unknownOrganization)) }
        let walletID = transaction.wallets[place].id
        let handled = moment(of: event)
        switch rates.price(event, at: handled) {
        case .failure(let refusal): return refuse(event, refusal)
        case .success(let priced):
            do {
                let decision = try transaction.wallets[place].decide(
                    event, priced, at: handled, systemEnabled: transaction.system.isEnabled)
                transaction.decided[event.identity] = DecidedUsage(
                    walletID: walletID, sequence: transaction.wallets[place].sequence, outcome: decision.outcome, tokens: decision.tokens,
                    reason: decision.reason?.rawValue, service: event.service, quantity: event.quantity, tokenCount: event.tokenCount)
                // Under time travel the database's clock does not tell which refusals are of late.
                if transaction.system.hasOpenRefusals || followsMessages { accepted.append(Self.key(event)) }
                return .decided(decision)
            } catch {
                // So much was never used: the sum over the wallet's life would not fit.
                return refuse(event, UsageRefusal(.invalidQuantity))
            }
        }
    }

    /// The ledger keeps that an event was rejected and not what it would have cost. But its price is that of its own time, so it can be
    /// asked again, whatever the event's age; what is missing goes with the balance that the answer shows, the one as now.
    private func shortage(of event: UsageEvent, _ known: DecidedUsage, _ wallet: Wallet) -> Shortage? {
        guard known.outcome == .rejected, known.reason == UsageReason.insufficientTokens.rawValue else { return nil }
        let price = rates.price(
            service: event.service, quantity: event.quantity, tokens: event.tokens, time: event.time, agesFrom: event.time)
        guard case .success(let priced) = price else { return nil }
        let available = wallet.available(at: event.time, handledAt: moment(of: event))
        return Shortage(required: priced.cost, missing: max(0, priced.cost - available))
    }

    /// What the first content of a conflict was charged; nil where another organization was: that is nobody else's business.
    func charged(_ refusal: RecordedRefusal, in transaction: WalletTransaction) -> Int64? {
        guard refusal.reason == .conflict, let known = transaction.decided[refusal.identity],
            let place = transaction.place(of: refusal.organization), transaction.wallets[place].id == known.walletID
        else { return nil }
        return known.tokens
    }

    private mutating func refuse(_ event: UsageEvent, _ refusal: UsageRefusal) -> UsageResult {
        let key = Self.key(event)
        var recorded =
            refusals[key]
            ?? RecordedRefusal(
                identity: event.identity, contentDigest: key.contentDigest, organization: event.organization, service: event.service,
                reason: refusal.reason, count: 0)
        recorded.count += 1
        // What another content of this batch has made a conflict is one from then on.
        recorded.reason = refusal.reason
        refusals[key] = recorded
        return refusal.reason == .conflict ? .conflict : .refused(refusal)
    }

    /// The row of an event and its content in `usage_refusals`.
    private static func key(_ event: UsageEvent) -> RefusalKey {
        let digest = ContentDigest.of([
            event.organization, event.service, event.quantity.map(String.init),
            event.tokens == .invalid ? "invalid" : event.tokenCount.map(String.init),
        ])
        return RefusalKey(identity: event.identity, contentDigest: digest)
    }
}
