/// Within what only one purchase of a kind may be under way (`domain.md` 7.4): wallet and type; for a subscription's, the period too.
public struct PurchaseScope: Hashable, Sendable {
    public let wallet: Int64
    public let type: PurchaseType
    /// Only of type `subscription`.
    public let subscription: Int64?
    /// When the paid period starts; only of type `subscription`.
    public let period: Moment?

    public init(wallet: Int64, type: PurchaseType, subscription: Int64? = nil, period: Moment? = nil) {
        self.wallet = wallet
        self.type = type
        self.subscription = subscription
        self.period = period
    }
}

/// Whether a new purchase may begin beside those of its scope.
public enum ScopeVerdict: Hashable, Sendable {
    case clear
    /// These wait, and the caller wants the new one in their place: they are cancelled first.
    case replaces([PurchaseReference])
    /// `purchase_in_progress`.
    case inProgress(PurchaseReference)

    /// - Parameters:
    ///   - purchases: the unfinished ones of the scope.
    ///   - replace: whether the request wants to take the place of one that waits.
    public static func of(_ purchases: [Purchase], replace: Bool, at moment: Moment) -> ScopeVerdict {
        var waiting: [PurchaseReference] = []
        for purchase in purchases {
            switch purchase.hindrance(at: moment) {
            case .none: continue
            case .charge: return .inProgress(purchase.reference)
            case .waits: waiting.append(purchase.reference)
            }
        }
        guard let first = waiting.first else { return .clear }
        return replace ? .replaces(waiting) : .inProgress(first)
    }
}

extension Purchase {
    enum Hindrance: Hashable, Sendable {
        case none
        /// It waits, and may be replaced.
        case waits
        /// It may be charging somebody.
        case charge
    }

    /// How this purchase stands in the way of another one of its scope.
    func hindrance(at moment: Moment) -> Hindrance {
        switch (state.status, state.phase) {
        case (.pending, _), (.processing, .retryWaiting), (.processing, .customerAction): return .waits
        case (.processing, .charging), (.processing, nil): return .charge
        case (.processing, .unknown):
            guard scope.type == .oneTime, let since = state.calledAt else { return .charge }
            return moment < since.adding(RetryPlan.unknownBlocks) ? .charge : .none
        case (.processing, .parked): return scope.type == .autoTopup ? .charge : .none
        default: return .none
        }
    }
}
