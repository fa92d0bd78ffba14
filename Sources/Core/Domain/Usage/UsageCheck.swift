/// What `meter.check` answers: would this be paid, and by what (U5)? Changes nothing.
public struct UsageCheck: Hashable, Sendable {
    /// The words of `messages.md`, Answers.
    public enum Payer: String, Hashable, Sendable {
        case subscription
        case trial
        case tokens
        case overdraft
        case shadow
    }

    public let enough: Bool
    public let required: Int64
    public let available: Int64
    /// Nil when nobody would pay.
    public let by: Payer?
    /// Why nobody would; nil when somebody would.
    public let reason: UsageReason?
}

extension Wallet {
    /// Asks the order of authorization without changing the caller's wallet: it works on a copy.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public func check(
        service: String, _ priced: PricedUsage, time: Moment, at moment: Moment, systemEnabled: Bool
    ) throws(AmountError) -> UsageCheck {
        var copy = self
        try copy.beginWithAllowance(copy.cause, at: moment)
        let verdict = copy.authorize(priced.cost, of: service, rate: priced.rate, at: time, handledAt: moment, systemEnabled: systemEnabled)
        let payer: UsageCheck.Payer? =
            switch verdict {
            case .shadow: .shadow
            case .covered: .subscription
            case .trial: .trial
            case .tokens: .tokens
            case .overdraft: .overdraft
            case .suspended, .insufficient: nil
            }
        let reason: UsageReason? =
            switch verdict {
            case .suspended: .walletSuspended
            case .insufficient: .insufficientTokens
            case .shadow, .covered, .trial, .tokens, .overdraft: nil
            }
        return UsageCheck(
            enough: payer != nil, required: priced.cost, available: copy.available(at: time, handledAt: moment), by: payer,
            reason: reason)
    }
}
