/// The steps of a delay ladder, shortest first: one queue with a time-to-live each.
public enum RetryDelay: String, Sendable, CaseIterable, Comparable {
    case tenSeconds = "10s"
    case oneMinute = "1m"
    case tenMinutes = "10m"
    case oneHour = "1h"
    case sixHours = "6h"
    case oneDay = "1d"
    case twoDays = "2d"

    /// The queue's time-to-live.
    public var milliseconds: Int64 {
        switch self {
        case .tenSeconds: 10_000
        case .oneMinute: 60_000
        case .tenMinutes: 600_000
        case .oneHour: 3_600_000
        case .sixHours: 21_600_000
        case .oneDay: 86_400_000
        case .twoDays: 172_800_000
        }
    }

    /// Shorter comes first.
    public static func < (left: RetryDelay, right: RetryDelay) -> Bool { left.milliseconds < right.milliseconds }

    /// The delay after a message was put off `attempts` times before; nil when all are used up.
    /// - Parameter atLeast: what the step asked for.
    public static func next(afterAttempts attempts: Int, atLeast: RetryDelay) -> RetryDelay? {
        guard attempts < allCases.count else { return nil }
        return max(allCases[max(0, attempts)], atLeast)
    }
}

/// The ladders that are written into the contract for single kinds of message.
public enum RetryLadder {
    /// A refund of a debit that is not known yet; then `usage_not_found`.
    public static let unknownDebit: [RetryDelay] = [.tenSeconds, .oneMinute]
    /// Every step once.
    public static let full: [RetryDelay] = RetryDelay.allCases
}
