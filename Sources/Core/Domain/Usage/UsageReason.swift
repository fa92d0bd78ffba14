/// Why usage was refused or rejected; the words of the contract (`domain.md` 5.2, 5.3).
public enum UsageReason: String, Hashable, Sendable, CaseIterable {
    // Refusals of 5.2: not final, they bind no content.
    case unknownService = "unknown_service"
    case unknownOrganization = "unknown_organization"
    case invalidQuantity = "invalid_quantity"
    case tooFarAhead = "too_far_ahead"
    case tooOld = "too_old"
    // The same identity with other content.
    case conflict
    // Final outcomes of 5.3.
    case walletSuspended = "wallet_suspended"
    case insufficientTokens = "insufficient_tokens"
}
