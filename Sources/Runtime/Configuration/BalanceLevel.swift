/// A level of a balance: so many tokens, or a share of the reference of domain.md 10.1.
public enum BalanceLevel: Sendable, Equatable {
    /// So many tokens.
    case tokens(Int64)
    /// So many of a hundred.
    case percent(Int64)
}
