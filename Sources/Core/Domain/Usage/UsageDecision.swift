/// The final outcome of a usage event (`domain.md` 5.3), as its ledger row holds it.
public struct UsageDecision: Hashable, Sendable {
    public let outcome: UsageOutcome
    /// Tokens charged; 0 unless `debited` or `overdrawn`.
    public let tokens: Int64
    /// Only with `rejected`.
    public let reason: UsageReason?
    /// What the event costs.
    public let required: Int64
    /// What could have paid for it, at the event's time.
    public let available: Int64

    public init(outcome: UsageOutcome, tokens: Int64, reason: UsageReason? = nil, required: Int64, available: Int64) {
        self.outcome = outcome
        self.tokens = tokens
        self.reason = reason
        self.required = required
        self.available = available
    }

    /// The tokens that are lacking, for `insufficient_tokens`.
    public var missing: Int64 { max(0, required - available) }
}

/// Who would pay: the verdict of the order of authorization (`domain.md` 5.3, U4).
public enum Authorization: Hashable, Sendable {
    case shadow
    case suspended
    case covered
    case trial
    /// Lots pay all.
    case tokens
    /// Lots pay what they can, the overdraft the rest.
    case overdraft(shortfall: Int64)
    case insufficient
}

extension Wallet {
    /// Asks in the fixed order who pays `cost` for a service at an event's time; changes nothing.
    ///
    /// - Parameter overdraftCounts: false for holds, which pin real tokens only (`domain.md` 6.1).
    public func authorize(
        _ cost: Int64, of service: String, rate: Rate, at time: Moment, handledAt moment: Moment, systemEnabled: Bool,
        overdraftCounts: Bool = true
    ) -> Authorization {
        if !systemEnabled { return .shadow }
        if status == .suspended { return .suspended }
        if hasCoverage, coverage.contains(where: { $0.covers(service, isEligible: rate.unlimitedEligible, at: time) }) {
            return .covered
        }
        if trialUsesLeft > 0, rate.trialEligible { return .trial }
        let tokens = unheld(at: time, handledAt: moment)
        if cost <= tokens { return .tokens }
        let shortfall = cost - tokens
        let (newDebt, overflow) = debt.addingReportingOverflow(shortfall)
        if overdraftCounts, !overflow, overdraft.allows(debt: newDebt) { return .overdraft(shortfall: shortfall) }
        return .insufficient
    }
}
