/// How far a wallet may go below zero (product.md W5): in JSON a number of tokens, or `"unlimited"`.
public enum OverdraftLimit: Equatable, Sendable {
    /// At most so many tokens; 0 for none.
    case tokens(Int64)
    /// No limit.
    case unlimited

    /// The word for no limit.
    static let unlimitedWord = "unlimited"

    init?(_ fields: FieldReader, _ field: String) throws(FieldProblem) {
        guard let value = try fields.value(field) else { return nil }
        if value.text == Self.unlimitedWord {
            self = .unlimited
        } else if let tokens = value.whole, RequestRule.tokensOrNone.contains(tokens) {
            self = .tokens(tokens)
        } else {
            throw .invalid(field, "a whole number from 0 to \(RequestRule.tokenLimit), or \"\(Self.unlimitedWord)\"")
        }
    }

    /// Writes it as a member of the object that is open.
    public func write(_ name: String, to writer: inout JSONWriter) {
        switch self {
        case .tokens(let tokens): writer.member(name, tokens)
        case .unlimited: writer.member(name, Self.unlimitedWord)
        }
    }
}
