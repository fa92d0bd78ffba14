/// The codes of answers with `ok: false` that the requests of meter and billing can get. Stable: callers branch on them.
public enum ErrorCode: String, Sendable, CaseIterable {
    /// A field breaks its schema.
    case invalidField = "invalid_field"
    /// The message is no readable event.
    case unreadable
    /// No consumer of this queue handles the type.
    case unknownType = "unknown_type"
    /// The type is not the routing key.
    case typeMismatch = "type_mismatch"
    /// The source is bound to other broker users.
    case sourceForbidden = "source_forbidden"

    // Refusals of domain.md 5.2 and 5.3.
    case unknownService = "unknown_service"
    case unknownOrganization = "unknown_organization"
    case invalidQuantity = "invalid_quantity"
    case tooFarAhead = "too_far_ahead"
    case tooOld = "too_old"
    case walletSuspended = "wallet_suspended"
    case insufficientTokens = "insufficient_tokens"

    // The same identity with other content.
    case eventConflict = "event_conflict"
    case requestConflict = "request_conflict"
    case idempotencyConflict = "idempotency_conflict"

    // Refunds and holds.
    case usageNotFound = "usage_not_found"
    case refundExceedsDebit = "refund_exceeds_debit"
    case nothingDebited = "nothing_debited"
    case alreadyRefunded = "already_refunded"
    case holdNotFound = "hold_not_found"
    case holdRejected = "hold_rejected"
    case captureExceedsHold = "capture_exceeds_hold"
    case alreadyCaptured = "already_captured"
    case alreadyReleased = "already_released"
    case alreadyExpired = "already_expired"

    // Wallets.
    case limitBelowDebt = "overdraft_limit_below_debt"
    case overflow
}
