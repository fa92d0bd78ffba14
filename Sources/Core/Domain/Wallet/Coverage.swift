/// A span in which an unlimited subscription pays for services (U4).
public struct Coverage: Hashable, Sendable {
    /// The services that it names; `*` stands for every one.
    public var services: [String] { names.map(\.wrappedValue) }
    public let startsAt: Moment
    /// Exclusive; nil means until further notice.
    public let endsAt: Moment?
    private let names: [ExactText]

    private static let all = ExactText("*")

    public init(services: [String], startsAt: Moment, endsAt: Moment?) {
        names = services.map { ExactText($0) }
        self.startsAt = startsAt
        self.endsAt = endsAt
    }

    /// Whether it covers a service at an event's time. Who names a service covers it; `*` covers those that are eligible.
    public func covers(_ service: String, isEligible: Bool, at time: Moment) -> Bool {
        guard startsAt <= time, endsAt.map({ time < $0 }) ?? true else { return false }
        let service = ExactText(service)
        return names.contains { $0 == service || ($0 == Coverage.all && isEligible) }
    }
}

/// The monthly allowance of a wallet (`domain.md` 12.3).
public struct Allowance: Hashable, Sendable {
    /// Tokens of the month in `month`, and of each later one until changed; 0 means none.
    public var tokens: Int64
    /// Tokens from the month after `month` on, when they were changed meanwhile.
    public var next: Int64?
    /// The month that has been seen to last; nil before the first.
    public var month: Month?

    public init(tokens: Int64 = 0, next: Int64? = nil, month: Month? = nil) {
        self.tokens = tokens
        self.next = next
        self.month = month
    }
}
