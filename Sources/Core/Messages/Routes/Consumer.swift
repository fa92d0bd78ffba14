/// The consumers that have a queue of their own (messages.md, Queues).
public enum Consumer: String, Sendable, CaseIterable {
    /// Wallets, purchases, subscriptions, invoices.
    case billing
    /// Automatic purchases.
    case topup
    /// Notices to people and systems.
    case notifier
    /// Forecasts, rollups, reports.
    case forecaster
    /// Expiry of lots, holds and grace periods.
    case expiry
    /// Holds, checks, usage refunds, rates.
    case meter

    /// The work queue.
    public var queue: String { "purser.\(rawValue)" }

    /// The pattern with which the queue is bound to `purser.commands`.
    public var commandPattern: String { "\(rawValue).#" }

    /// The delay queue of a step; it gives its messages back to `queue` through the default exchange.
    public func retryQueue(_ delay: RetryDelay) -> String { "purser.\(rawValue).retry.\(delay.rawValue)" }

    /// The routing key to `purser.retry` for a step.
    public func retryKey(_ delay: RetryDelay) -> String { "\(rawValue).\(delay.rawValue)" }

    /// The dead letters of the work queue.
    public var deadQueue: String { "purser.\(rawValue).dead" }

    /// The routing key to `purser.dead`.
    public var deadKey: String { rawValue }

    /// The jobs whose ticks come to this consumer's queue.
    public var jobs: [TickJob] { TickJob.allCases.filter { $0.consumers.contains(self) } }
}
