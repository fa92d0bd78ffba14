/// Why a readable message went to the dead letters, for the header `purser-reason`. Unreadable ones carry the raw value of
/// `UnreadableReason` there.
public enum DeadReason: String, Sendable, CaseIterable {
    /// The type is not the routing key, and the broker's permissions see only the key.
    case typeMismatch = "type_mismatch"
    /// The source is bound to another broker user (operations.md, Security).
    case sourceForbidden = "source_forbidden"
    /// Every step of the delay ladder was used up.
    case attemptsExhausted = "attempts_exhausted"
    /// Three consumers died on it.
    case poison
    /// The broker gave up on it.
    case deliveryLimit = "delivery_limit"
    /// The database refuses it for a reason of the message's own.
    case dataError = "data_error"
    /// Handling it alone fails, and not because of the database.
    case internalError = "internal_error"
}
