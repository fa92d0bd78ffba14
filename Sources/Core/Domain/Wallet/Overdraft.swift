/// How far below zero a wallet may go (W5).
public enum Overdraft: Hashable, Sendable {
    /// At most so many tokens of debt; 0 means none.
    case limited(Int64)
    /// Without bound; every overdrawn debit is marked for review.
    case unlimited

    /// Whether a debt of `debt` tokens is within bounds.
    public func allows(debt: Int64) -> Bool {
        switch self {
        case .limited(let limit): debt <= limit
        case .unlimited: true
        }
    }
}

/// An overdrawn debit that is not repaid in full yet. The oldest is repaid first (`domain.md` 3.6).
public struct OpenDebt: Hashable, Sendable {
    /// The debit's ledger sequence.
    public let sequence: Int64
    /// The part of the debit that no lot paid, as it was drawn.
    public let overdrawn: Int64
    /// What is neither repaid nor refunded yet.
    public var outstanding: Int64

    public init(sequence: Int64, overdrawn: Int64, outstanding: Int64) {
        self.sequence = sequence
        self.overdrawn = overdrawn
        self.outstanding = outstanding
    }
}

/// What freed the tokens of a repayment.
public enum RepaymentCause: String, Hashable, Sendable, CaseIterable {
    /// Tokens that came, or came back, to the wallet.
    case credit
    /// A hold that let go of them.
    case release
    /// A lot that has started.
    case start
    /// The opposite: a refund gave tokens back to the lot that had repaid.
    case refund
}

/// Tokens of a lot that paid an overdrawn debit afterwards; the balance does not change by it (`domain.md` 3.6).
public struct Repayment: Hashable, Sendable {
    /// The overdrawn debit's ledger sequence.
    public let debitSequence: Int64
    public let lot: Int64
    /// Above 0; below 0 when a refund gave them back.
    public let tokens: Int64
    public let cause: RepaymentCause
    /// The wallet's newest ledger row when it happened: shares of a lot's money depend on what was taken before (`domain.md` 1.4).
    public let after: Int64

    public init(debitSequence: Int64, lot: Int64, tokens: Int64, cause: RepaymentCause, after: Int64) {
        self.debitSequence = debitSequence
        self.lot = lot
        self.tokens = tokens
        self.cause = cause
        self.after = after
    }
}
