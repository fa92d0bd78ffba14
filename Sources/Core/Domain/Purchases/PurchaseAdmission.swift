/// Why a purchase was not initialized.
public enum PurchaseRefusal: Error, Hashable, Sendable {
    /// `domain.md` 7.9: no charge starts.
    case systemDisabled
    case walletSuspended
    /// `purchase_in_progress`, with the one in the way.
    case inProgress(PurchaseReference)

    /// The word of answers.
    public var code: String {
        switch self {
        case .systemDisabled: "system_disabled"
        case .walletSuspended: "wallet_suspended"
        case .inProgress: "purchase_in_progress"
        }
    }
}

/// Whether a new purchase may be initialized (`domain.md` 7.4, 7.9).
public enum PurchaseAdmission {
    /// Answers those that have to be cancelled first.
    ///
    /// - Parameters:
    ///   - wallet: nil where the purchase will open it.
    ///   - others: the unfinished purchases of the scope.
    /// - Throws: a refusal; the same request may succeed later.
    public static func decide(
        wallet: WalletStatus?, systemEnabled: Bool, others: [Purchase], replace: Bool, at moment: Moment
    ) throws(PurchaseRefusal) -> [PurchaseReference] {
        guard systemEnabled else { throw .systemDisabled }
        guard wallet != .suspended else { throw .walletSuspended }
        switch ScopeVerdict.of(others, replace: replace, at: moment) {
        case .clear: return []
        case .replaces(let references): return references
        case .inProgress(let reference): throw .inProgress(reference)
        }
    }
}
