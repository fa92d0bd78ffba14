import Domain
import Messages
import Runtime

/// The answers to wallet requests (`messages.md`, Answers).
enum BillingAnswers {
    static let unknownOrganization = Answer.failure(.unknownOrganization, detail: "this organization has no wallet") {
        $0.member("field", "subject")
    }

    static let keyConflict = Answer.failure(
        .requestConflict, detail: "other tokens, or on other terms, were granted under this idempotency key before"
    ) {
        $0.member("field", "idempotency_key")
    }

    /// A request that was done.
    static func done(_ wallet: Wallet, at moment: Moment, tokens: Int64?, opened: Bool?) -> [UInt8] {
        var answer = figures(wallet, at: moment)
        answer.tokens = tokens
        answer.opened = opened
        return answer.success()
    }

    /// A request that a rule refuses; the wallet is shown as it is, where there is one.
    static func refused(_ refusal: WalletRefusal, _ change: WalletChange, _ state: WalletState?) -> [UInt8] {
        let (code, detail) = words(refusal)
        let field = field(refusal, change.request)
        guard let wallet = state?.wallet else {
            return Answer.failure(code, detail: detail) { $0.member("field", ifPresent: field) }
        }
        return figures(wallet, at: change.moment).refusal(code, detail: detail, field: field) { writer in
            guard refusal == .insufficientTokens, case .adjust(let adjust) = change.request else { return }
            let required = 0 - adjust.tokens
            writer.member("required", required)
            writer.member("missing", required - wallet.unheld(at: change.moment, handledAt: change.moment))
        }
    }

    private static func figures(_ wallet: Wallet, at moment: Moment) -> WalletAnswer {
        let figures = wallet.figures(at: moment)
        return WalletAnswer(
            organization: wallet.organization, status: figures.status.rawValue, balance: figures.balance, available: figures.available,
            held: figures.held, overdraftLimit: OverdraftLimit(figures.overdraft), trialUsesLeft: figures.trialUsesLeft,
            sequence: figures.sequence)
    }

    private static func words(_ refusal: WalletRefusal) -> (ErrorCode, String) {
        switch refusal {
        case .unknownOrganization: (.unknownOrganization, "this organization has no wallet")
        case .insufficientTokens: (.insufficientTokens, "the wallet has fewer tokens that no hold has set aside")
        case .limitBelowDebt: (.limitBelowDebt, "the wallet owes more than this limit")
        case .alreadyExpired: (.alreadyExpired, "it would be over before it begins")
        case .overflow: (.overflow, "the amount does not fit")
        }
    }

    /// Which field is at fault.
    private static func field(_ refusal: WalletRefusal, _ request: BillingRequest) -> String? {
        switch (refusal, request) {
        case (.unknownOrganization, _): "subject"
        case (.limitBelowDebt, _): "overdraft_limit"
        case (.alreadyExpired, .settings): "unlimited_until"
        case (.alreadyExpired, _): "expires_at"
        case (.insufficientTokens, _), (.overflow, .grant), (.overflow, .adjust): "tokens"
        case (.overflow, _): nil
        }
    }
}
