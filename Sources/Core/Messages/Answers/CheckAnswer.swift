/// The answer to `meter.check`.
public struct CheckAnswer: Equatable, Sendable {
    /// What would pay.
    public enum Payer: String, Sendable, CaseIterable {
        case subscription, trial, tokens, overdraft, shadow
    }

    /// Whether the use would be paid for.
    public var enough: Bool
    /// The tokens that it would cost.
    public var required: Int64
    /// What would pay; nil when nothing would.
    public var by: Payer?
    /// The word for what would come of it, as in the answer to the use itself.
    public var outcome: String
    /// Why it would be rejected.
    public var reason: ErrorCode?
    /// The wallet as it is; `tokens` is what would be debited.
    public var figures: UsageFigures

    /// An answer.
    public init(enough: Bool, required: Int64, by: Payer?, outcome: String, reason: ErrorCode? = nil, figures: UsageFigures) {
        self.enough = enough
        self.required = required
        self.by = by
        self.outcome = outcome
        self.reason = reason
        self.figures = figures
    }

    /// The body, which is a success also when there is not enough.
    public func success() -> [UInt8] {
        Answer.success { writer in
            writer.member("enough", enough)
            writer.member("required", required)
            writer.name("by")
            if let by { writer.value(by.rawValue) } else { writer.null() }
            writer.member("reason", ifPresent: reason?.rawValue)
            figures.write(outcome: outcome, to: &writer)
        }
    }
}
