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

    // Purchases.
    /// There is no such purchase, or it is another organization's.
    case purchaseNotFound = "purchase_not_found"
    /// An unfinished purchase stands in the way; `replace` takes it away.
    case purchaseInProgress = "purchase_in_progress"
    /// The purchase has its end, so this cannot happen to it any more.
    case purchaseSettled = "purchase_settled"
    /// The gateway is being asked at this moment; nothing else can happen to the purchase until it has answered.
    case chargeInProgress = "charge_in_progress"
    /// Only what was paid has an invoice, or can be given back.
    case purchaseNotCompleted = "purchase_not_completed"
    /// Fewer or more tokens than are sold at a time.
    case tokensOutOfRange = "tokens_out_of_range"
    /// Nothing is sold: the deployment has switched purchases off.
    case systemDisabled = "system_disabled"

    // Charges.
    /// The customer's bank has said no.
    case paymentDeclined = "payment_declined"
    /// The gateway takes the request for a mistake.
    case gatewayRefused = "gateway_refused"
    /// The gateway cannot be reached, or has not answered as it should.
    case gatewayUnavailable = "gateway_unavailable"
    /// The deployment has no keys of this gateway.
    case gatewayNotConfigured = "gateway_not_configured"
    /// The gateway has no page for this.
    case checkoutNotSupported = "checkout_not_supported"

    // Ways to pay.
    /// None was named, and the organization has no default one.
    case noPaymentMethod = "no_payment_method"
    /// The organization has no such saved method.
    case paymentMethodUnknown = "payment_method_unknown"
    /// The saved method cannot be charged any more.
    case paymentMethodUnusable = "payment_method_unusable"
    /// The last month of the card is over.
    case paymentMethodExpired = "payment_method_expired"
    /// The card was tried as often as its network allows.
    case cardAttemptsUsedUp = "card_attempts_used_up"
    /// The gateway wants an e-mail address, and none is known.
    case emailMissing = "email_missing"

    // What is sold, and for how much.
    /// There is no such package.
    case packageUnknown = "package_unknown"
    /// The package is not sold any more.
    case packageUnavailable = "package_unavailable"
    /// There is no such catalog.
    case catalogUnknown = "catalog_unknown"
    /// The gateway does not charge this currency.
    case currencyNotSupported = "currency_not_supported"
    /// Less than the gateway charges at a time.
    case amountTooSmall = "amount_too_small"
    /// More than the gateway charges at a time.
    case amountTooLarge = "amount_too_large"
    /// The amount is finer than what the gateway can charge.
    case amountNotChargeable = "amount_not_chargeable"

    // Refunds of purchases.
    /// Nothing of the purchase is left to give back.
    case nothingToRefund = "nothing_to_refund"
    /// More tokens than are left unused of the purchase.
    case refundExceedsUnspent = "refund_exceeds_unspent"
    /// So few tokens that no money would go back.
    case refundAmountZero = "refund_amount_zero"
    /// Another refund of the purchase is under way.
    case refundInProgress = "refund_in_progress"

    // What gateways post.
    /// The signature is not the gateway's.
    case signatureInvalid = "signature_invalid"
}
