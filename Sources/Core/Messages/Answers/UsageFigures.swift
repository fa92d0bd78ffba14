/// A wallet after a step of the meter, as its answers show it.
public struct UsageFigures: Equatable, Sendable {
    /// The tokens of this step: what was debited, pinned, given back, or 0.
    public var tokens: Int64
    /// What the wallet owns now, held tokens included (domain.md 3.4).
    public var balance: Int64
    /// What can be used now; a limited overdraft counts, an unlimited one adds nothing (domain.md 3.5).
    public var available: Int64
    /// Tokens that holds have set aside.
    public var held: Int64
    /// Trial uses that are left.
    public var trialUsesLeft: Int64
    /// Whether the wallet may go below zero without a limit, which `available` cannot show.
    public var unlimitedOverdraft: Bool

    /// Figures of a wallet.
    public init(
        tokens: Int64, balance: Int64, available: Int64, held: Int64, trialUsesLeft: Int64, unlimitedOverdraft: Bool = false
    ) {
        self.tokens = tokens
        self.balance = balance
        self.available = available
        self.held = held
        self.trialUsesLeft = trialUsesLeft
        self.unlimitedOverdraft = unlimitedOverdraft
    }

    func write(outcome: String, to writer: inout JSONWriter) {
        writer.member("outcome", outcome)
        writer.member("tokens", tokens)
        writer.member("balance", balance)
        writer.member("available", available)
        if unlimitedOverdraft { OverdraftLimit.unlimited.write("overdraft_limit", to: &writer) }
        writer.member("held", held)
        writer.member("trial_uses_left", trialUsesLeft)
    }
}
