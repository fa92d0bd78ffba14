import Messages

/// The one function from what became of a message to what the broker is told (messages.md, "Outcome of a message").
///
///     what became of it                        told to the broker                                           counted
///     done (refused by a rule, duplicate)      ack after commit                                             done
///     try later, a delay is left               to `purser.retry`, confirmed, then ack                       retried
///     try later, all delays used up            to `purser.dead` (`attempts_exhausted`), confirmed, ack      dead
///     try later, the consumer has no ladder    to `purser.dead` with its reason, confirmed, ack             dead
///     cannot ever work                         to `purser.dead` with its reason, confirmed, ack             dead
///     crashed us three times                   to `purser.dead` (`poison`), confirmed, ack                  dead
///     interrupted (shutdown, broker lost)      nothing; it is redelivered; no attempt is counted            -
///     the database is away                     nothing; kept, handled when the database is back             -
enum OutcomeTable {
    /// What became of a message, the cases that no step decides included.
    enum Fate: Equatable {
        case handled(Outcome)
        case crashedUs(times: Int)
        case interrupted
        case databaseAway
    }

    /// What the broker is told.
    enum Action: Equatable {
        case acknowledge
        case putOff(RetryDelay, reason: String)
        case bury(reason: String, detail: String)
        case keep
    }

    /// - Parameters:
    ///   - attempts: how many times the message was put off before.
    ///   - hasLadder: whether its consumer has delay queues.
    static func action(for fate: Fate, attempts: Int, hasLadder: Bool) -> Action {
        switch fate {
        case .handled(.done): return .acknowledge
        case .handled(.dead(let reason, let detail, _)): return .bury(reason: reason, detail: detail)
        case .handled(.retryLater(let reason, let atLeast)):
            guard hasLadder else { return .bury(reason: reason, detail: "it failed, and messages of this kind are not put off") }
            guard let delay = RetryDelay.next(afterAttempts: attempts, atLeast: atLeast) else {
                return .bury(
                    reason: DeadReason.attemptsExhausted.rawValue, detail: "put off \(attempts) times, the last time for: \(reason)")
            }
            return .putOff(delay, reason: reason)
        case .crashedUs(let times): return .bury(reason: DeadReason.poison.rawValue, detail: "the consumer crashed on it \(times) times")
        case .interrupted, .databaseAway: return .keep
        }
    }
}
