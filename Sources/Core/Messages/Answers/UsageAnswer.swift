/// The answer to a usage event, a hold, its capture or release, and a usage refund.
public struct UsageAnswer: Equatable, Sendable {
    /// The word for what came of it: `debited`, `overdrawn`, `covered`, `trial`, `shadow`, `held`, `released`, `refunded`, or `rejected`.
    /// A capture has that of its usage row (domain.md 6.2).
    public var outcome: String
    /// The wallet after it.
    public var figures: UsageFigures
    /// Whether the same event, hold or request was answered before.
    public var duplicate: Bool
    /// The hold, where it is about one.
    public var holdID: String?
    /// When the hold ends, in microseconds since 1970.
    public var endsAt: Int64?

    /// An answer.
    public init(outcome: String, figures: UsageFigures, duplicate: Bool = false, holdID: String? = nil, endsAt: Int64? = nil) {
        self.outcome = outcome
        self.figures = figures
        self.duplicate = duplicate
        self.holdID = holdID
        self.endsAt = endsAt
    }

    /// The body for everything but a rejection.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    /// The body for a rejection: its reason as the code, the field at fault and, when tokens are missing, how many.
    public func rejection(
        _ code: ErrorCode, detail: String, field: String? = nil, required: Int64? = nil, missing: Int64? = nil
    ) -> [UInt8] {
        Answer.failure(code, detail: detail, field: field) { writer in
            write(to: &writer)
            writer.member("required", ifPresent: required)
            writer.member("missing", ifPresent: missing)
        }
    }

    private func write(to writer: inout JSONWriter) {
        figures.write(outcome: outcome, to: &writer)
        if duplicate { writer.member("duplicate", true) }
        writer.member("hold_id", ifPresent: holdID)
        writer.member("ends_at", timeIfPresent: endsAt)
    }
}
