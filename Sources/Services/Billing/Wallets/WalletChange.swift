import Domain
import Messages
import Runtime
import Store

/// What a request does to a wallet. Pure: the caller keeps its copy when it throws.
struct WalletChange {
    let request: BillingRequest
    let cause: EventIdentity
    let moment: Moment

    /// The same for a wallet that has just come into being: first its welcome grant and allowance, once ever (W6).
    func open(_ state: inout WalletState, welcomeGrant: Int64) throws(WalletRefusal) -> Int64? {
        do throws(AmountError) {
            try state.wallet.open(welcomeGrant: welcomeGrant, cause: cause, at: moment)
        } catch {
            throw .overflow
        }
        return try apply(to: &state)
    }

    /// Changes the wallet; answers the tokens of the request, where it moves some.
    func apply(to state: inout WalletState) throws(WalletRefusal) -> Int64? {
        switch request {
        case .open(let open):
            store(open.contact, in: &state.contact)
            return nil
        case .suspend(let suspend):
            state.wallet.beginSettings(cause: cause, at: moment)
            _ = state.wallet.suspend(reason: suspend.reason, cause: cause)
            return nil
        case .reactivate:
            state.wallet.beginSettings(cause: cause, at: moment)
            _ = state.wallet.reactivate(cause: cause)
            return nil
        case .settings(let settings):
            state.wallet.beginSettings(cause: cause, at: moment)
            try set(settings, in: &state)
            return nil
        case .grant(let grant):
            try state.wallet.grant(Grant(grant), cause: cause, at: moment)
            return grant.tokens
        case .adjust(let adjust):
            try state.wallet.adjust(by: adjust.tokens, reason: adjust.reason, metadata: nil, cause: cause, at: moment)
            return adjust.tokens
        }
    }

    private func set(_ settings: WalletSettings, in state: inout WalletState) throws(WalletRefusal) {
        if let limit = settings.overdraftLimit { try state.wallet.setOverdraft(Overdraft(limit)) }
        if let uses = settings.trialUses { state.wallet.setTrialUses(uses) }
        if let allowance = settings.monthlyAllowance {
            do throws(AmountError) {
                try state.wallet.setMonthlyAllowance(allowance, cause: cause, at: moment)
            } catch {
                throw .overflow
            }
        }
        if let unlimited = settings.unlimited { try cover(unlimited, in: &state) }
        store(settings.contact, in: &state.contact)
    }

    /// Ends the coverage by staff that runs now and begins another; that of before stays for the events of then.
    private func cover(_ unlimited: WalletSettings.UnlimitedCover, in state: inout WalletState) throws(WalletRefusal) {
        var coverage = state.wallet.coverage
        if let running = state.runningCover(at: moment), let place = coverage.lastIndex(of: running) {
            coverage[place] = Coverage(services: running.services, startsAt: running.startsAt, endsAt: max(running.startsAt, moment))
        }
        guard let until = unlimited.until, !unlimited.services.isEmpty else {
            guard state.runningCover(at: moment) != nil else { return }
            state.cover = nil
            return state.wallet.noteCoverage(coverage)
        }
        let end = Moment(microseconds: until)
        guard moment < end else { throw .alreadyExpired }
        let new = Coverage(services: unlimited.services, startsAt: moment, endsAt: end)
        state.cover = new
        state.wallet.noteCoverage(coverage + [new])
    }

    /// Given fields replace what is known, an empty one takes it away.
    private func store(_ fields: ContactFields, in contact: inout WalletContact) {
        if let name = fields.name { contact.name = name.isEmpty ? nil : name }
        if let address = fields.billingAddress { contact.billingAddress = address.isEmpty ? nil : address }
        if let taxID = fields.taxID { contact.taxID = taxID.isEmpty ? nil : taxID }
        if let email = fields.email { contact.email = email.isEmpty ? nil : email }
    }
}

extension Overdraft {
    init(_ limit: OverdraftLimit) {
        self =
            switch limit {
            case .tokens(let tokens): .limited(tokens)
            case .unlimited: .unlimited
            }
    }
}

extension Grant {
    init(_ request: BillingGrant) {
        self.init(
            tokens: request.tokens, kind: LotKind(request.kind),
            priority: request.priority.map { Int16(clamping: $0) } ?? Lot.defaultPriority,
            effectiveAt: request.effectiveAt.map { Moment(microseconds: $0) },
            expiresAt: request.expiresAt.map { Moment(microseconds: $0) }, reason: request.reason)
    }
}

extension BillingGrant {
    /// What the same idempotency key has to agree in: everything about the tokens, not who asks.
    var contentDigest: [UInt8] {
        ContentDigest.of([
            String(tokens), reason, kind.rawValue, priority.map { String($0) }, effectiveAt.map { String($0) },
            expiresAt.map { String($0) },
        ])
    }
}
