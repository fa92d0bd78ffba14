/// The scheduled jobs (messages.md, Scheduled jobs).
public enum TickJob: String, Sendable, CaseIterable {
    case subscriptionBilling = "subscription-billing"
    case dueWork = "due-work"
    case topupThreshold = "topup-threshold"
    case topupScheduled = "topup-scheduled"
    case lowBalance = "low-balance"
    case renewalReminders = "renewal-reminders"
    case expireTokens = "expire-tokens"
    case expiryWarnings = "expiry-warnings"
    case graceExpiry = "grace-expiry"
    case monthlyReset = "monthly-reset"
    case releaseHolds = "release-holds"
    case usageRollup = "usage-rollup"
    case forecasts
    case reconcile
    case ledgerCheckpoint = "ledger-checkpoint"
    case monthlyReport = "monthly-report"
    case auditCleanup = "audit-cleanup"

    /// The source of every tick.
    public static let source = "/purser/scheduler"

    /// The type of the tick, which is its routing key to `purser.ticks`.
    public var routingKey: String { "tick.\(rawValue)" }

    /// Whose queues the tick goes to.
    public var consumers: [Consumer] {
        switch self {
        case .subscriptionBilling: [.billing]
        case .dueWork: [.billing, .notifier]
        case .topupThreshold, .topupScheduled: [.topup]
        case .lowBalance, .renewalReminders: [.notifier]
        case .expireTokens, .expiryWarnings, .graceExpiry, .monthlyReset, .releaseHolds, .ledgerCheckpoint, .auditCleanup: [.expiry]
        case .usageRollup, .forecasts, .reconcile, .monthlyReport: [.forecaster]
        }
    }

    /// The id of the tick for a slot (microseconds since 1970), the same however often it is published.
    public func id(slot: Int64) -> String { "\(rawValue)/\(EventTime.secondsText(microseconds: slot))" }
}
