public import Domain
public import Messages

/// What an event tells beside what the domain knows: it comes from the message that caused it.
public struct EventContext: Sendable {
    /// The moment of the step, also under time travel.
    public var moment: Moment
    /// The trace of the message.
    public var traceparent: String?
    /// The person for whom the change is made.
    public var actor: String?
    /// Why a wallet is debited again, in the words of whoever asked.
    public var reason: String?
    /// The organization's name, for a wallet that is opened.
    public var name: String?

    /// A context; most messages have no more than a moment.
    public init(moment: Moment, traceparent: String? = nil, actor: String? = nil, reason: String? = nil, name: String? = nil) {
        self.moment = moment
        self.traceparent = traceparent
        self.actor = actor
        self.reason = reason
        self.name = name
    }
}

extension EventSheet {
    /// Adds what a wallet announced, whichever program changed it: an allowance falls due in the meter too.
    public mutating func add(_ announced: Announced, organization: String, _ context: EventContext) {
        add(
            announced.payload(context), organization: organization, at: context.moment, position: LedgerPosition(announced),
            traceparent: context.traceparent)
    }
}

extension Announced {
    /// The data of the event that tells of it (`messages.md`, Events).
    func payload(_ context: EventContext) -> any EventPayload {
        switch announcement {
        case .usageRejected(let identity, let service, let reason, let required, let missing):
            UsageRejected(
                cause: EventCause(identity), service: service, reason: ErrorCode(reason), required: required,
                missing: reason == .insufficientTokens ? missing : nil)
        case .overdrawn(let identity, let service, let tokens, let overdrawn, let debt, let review):
            UsageOverdrawn(
                cause: EventCause(identity), service: service, tokens: tokens, overdrawn: overdrawn, debt: debt, review: review)
        case .trialExhausted(let service): WalletTrialExhausted(cause: EventCause(cause), service: service)
        case .usageRefunded(let identity, let service, let tokens, let trialReturned, let reason):
            UsageRefunded(
                cause: EventCause(identity), service: service, tokens: tokens, trialReturned: trialReturned, reason: reason,
                actor: context.actor)
        case .holdPlaced(let id, let service, let outcome, let tokens, let endsAt):
            HoldPlaced(holdID: id, service: service, outcome: outcome.rawValue, tokens: tokens, endsAt: endsAt.microseconds)
        case .holdCaptured(let id, let service, let outcome, let tokens, let released, let late):
            HoldCaptured(holdID: id, service: service, outcome: outcome.rawValue, tokens: tokens, released: released, late: late)
        case .holdReleased(let id, let service, let tokens): HoldReleased(holdID: id, service: service, tokens: tokens)
        case .holdExpired(let id, let service, let tokens, let endedAt):
            HoldExpired(holdID: id, service: service, tokens: tokens, endedAt: endedAt.microseconds)
        case .granted(let grant): TokensGranted(grant, actor: context.actor)
        case .expired(let lot, let tokens, let endedAt): TokensExpired(tokens: tokens, lot: lot, expiredAt: endedAt.microseconds)
        case .opened: WalletOpened(name: context.name, actor: context.actor)
        case .suspended(let reason): WalletSuspended(reason: reason, actor: context.actor)
        case .reactivated: WalletReactivated(reason: context.reason, actor: context.actor)
        }
    }
}

extension EventCause {
    /// The identity of a usage event, or of the request that stands for one.
    public init(_ identity: EventIdentity) {
        self.init(source: identity.source, id: identity.id)
    }
}

extension ErrorCode {
    /// The code of the contract for a reason of the domain.
    public init(_ reason: UsageReason) {
        self =
            switch reason {
            case .unknownService: .unknownService
            case .unknownOrganization: .unknownOrganization
            case .invalidQuantity: .invalidQuantity
            case .tooFarAhead: .tooFarAhead
            case .tooOld: .tooOld
            case .conflict: .eventConflict
            case .walletSuspended: .walletSuspended
            case .insufficientTokens: .insufficientTokens
            }
    }
}

extension TokensGranted {
    fileprivate init(_ grant: LotGrant, actor: String?) {
        self.init(
            tokens: grant.tokens, lot: grant.lot, kind: BillingGrant.Kind(grant.kind), origin: grant.origin.rawValue,
            effectiveAt: grant.effectiveAt.microseconds, expiresAt: grant.expiresAt?.microseconds, reason: grant.reason, actor: actor)
    }
}
