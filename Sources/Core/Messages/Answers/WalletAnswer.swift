/// The answer to the wallet requests of billing.
public struct WalletAnswer: Equatable, Sendable {
    /// The wallet's organization.
    public var organization: String
    /// `active` or `suspended`.
    public var status: String
    /// What the wallet owns now, held tokens included (domain.md 3.4).
    public var balance: Int64
    /// What can be used now.
    public var available: Int64
    /// Tokens that holds have set aside.
    public var held: Int64
    /// How far the wallet may go below zero.
    public var overdraftLimit: OverdraftLimit
    /// Trial uses that are left.
    public var trialUsesLeft: Int64
    /// The tokens of this request, where it moved some.
    public var tokens: Int64?
    /// The wallet's newest ledger row.
    public var sequence: Int64?
    /// Whether the wallet was opened by this request.
    public var opened: Bool?

    /// An answer.
    public init(
        organization: String, status: String, balance: Int64, available: Int64, held: Int64, overdraftLimit: OverdraftLimit,
        trialUsesLeft: Int64, tokens: Int64? = nil, sequence: Int64? = nil, opened: Bool? = nil
    ) {
        self.organization = organization
        self.status = status
        self.balance = balance
        self.available = available
        self.held = held
        self.overdraftLimit = overdraftLimit
        self.trialUsesLeft = trialUsesLeft
        self.tokens = tokens
        self.sequence = sequence
        self.opened = opened
    }

    /// The body of a success.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    /// The body of a refusal that shows the wallet as it is, and names the field at fault where it is one.
    public func refusal(
        _ code: ErrorCode, detail: String, field: String? = nil, _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> [UInt8] {
        Answer.failure(code, detail: detail) { writer in
            writer.member("field", ifPresent: field)
            write(to: &writer)
            more(&writer)
        }
    }

    private func write(to writer: inout JSONWriter) {
        writer.member("organization", organization)
        writer.member("status", status)
        writer.member("balance", balance)
        writer.member("available", available)
        writer.member("held", held)
        overdraftLimit.write("overdraft_limit", to: &writer)
        writer.member("trial_uses_left", trialUsesLeft)
        writer.member("tokens", ifPresent: tokens)
        writer.member("sequence", ifPresent: sequence)
        writer.member("opened", ifPresent: opened)
    }
}
