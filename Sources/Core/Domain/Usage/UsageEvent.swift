/// A usage event as it was read, before any rule was asked.
public struct UsageEvent: Hashable, Sendable {
    public var identity: EventIdentity
    public var organization: String
    public var service: String
    /// Nil when the message carries a number that is no whole count of at least 1.
    public var quantity: Int64?
    /// The event's own token count, for pass-through services.
    public var tokens: TokenCount
    public var time: Moment
    /// JSON exactly as it was received.
    public var metadata: String?
    /// When an operator replays an event: the moment at which the stream received it first; ages count from there (`domain.md` 5.2).
    public var replayedFrom: Moment?

    /// The `tokens` field of an event.
    public enum TokenCount: Hashable, Sendable {
        case absent
        case count(Int64)
        /// A number that is no whole count of at least 1.
        case invalid
    }

    public init(
        identity: EventIdentity, organization: String, service: String, quantity: Int64?, tokens: TokenCount = .absent, time: Moment,
        metadata: String? = nil, replayedFrom: Moment? = nil
    ) {
        self.identity = identity
        self.organization = organization
        self.service = service
        self.quantity = quantity
        self.tokens = tokens
        self.time = time
        self.metadata = metadata
        self.replayedFrom = replayedFrom
    }

    /// The token count as a number; nil where there is none or it is invalid.
    public var tokenCount: Int64? {
        if case .count(let count) = tokens { count } else { nil }
    }
}

/// How far from the present an event may lie (`domain.md` 5.2).
public enum UsageWindow {
    public static let ahead = Span.minutes(5)
    public static let behind = Span.days(35)
}

/// What an event costs, once its service, quantity and age are accepted.
public struct PricedUsage: Hashable, Sendable {
    /// Tokens, at least 0.
    public let cost: Int64
    public let rate: Rate

    public init(cost: Int64, rate: Rate) {
        self.cost = cost
        self.rate = rate
    }
}

extension RateBook {
    /// Prices a usage event, or names the refusal of `domain.md` 5.2. The organization is checked by the caller.
    public func price(_ event: UsageEvent, at moment: Moment) -> Result<PricedUsage, UsageRefusal> {
        price(
            service: event.service, quantity: event.quantity, tokens: event.tokens, time: event.time,
            agesFrom: event.replayedFrom ?? moment)
    }

    /// Prices so many units, or tokens, of a service at an event's time; ages count from `agesFrom`.
    public func price(
        service: String, quantity: Int64?, tokens: UsageEvent.TokenCount, time: Moment, agesFrom moment: Moment
    ) -> Result<PricedUsage, UsageRefusal> {
        guard let rate = rate(of: service, at: time) else { return .failure(UsageRefusal(.unknownService)) }
        if tokens == .invalid { return .failure(UsageRefusal(.invalidQuantity, concernsTokens: true)) }
        guard let quantity, quantity >= 1 else { return .failure(UsageRefusal(.invalidQuantity)) }
        let cost: Int64
        switch rate.price {
        case .passThrough:
            guard case .count(let count) = tokens, count >= 1 else {
                return .failure(UsageRefusal(.invalidQuantity, concernsTokens: true))
            }
            cost = count
        case .perUnit(let tokensPerUnit):
            let (product, overflow) = quantity.multipliedReportingOverflow(by: tokensPerUnit)
            guard !overflow else { return .failure(UsageRefusal(.invalidQuantity)) }
            cost = product
        }
        if time.since(moment) > UsageWindow.ahead { return .failure(UsageRefusal(.tooFarAhead)) }
        if moment.since(time) > UsageWindow.behind { return .failure(UsageRefusal(.tooOld)) }
        return .success(PricedUsage(cost: cost, rate: rate))
    }
}

/// A refusal of `domain.md` 5.2: not final, the same event is decided anew when it is sent again.
public struct UsageRefusal: Error, Hashable, Sendable {
    public let reason: UsageReason
    /// Whether the event's own tokens are at fault, and not its quantity.
    public let concernsTokens: Bool

    public init(_ reason: UsageReason, concernsTokens: Bool = false) {
        self.reason = reason
        self.concernsTokens = concernsTokens
    }
}
