/// A point in time: whole microseconds since 1970-01-01T00:00:00Z, the resolution that PostgreSQL stores.
///
/// All calendars are UTC (`domain.md`, introduction).
public struct Moment: Hashable, Comparable, Sendable {
    /// Microseconds since 1970, negative before.
    public var microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public static func < (left: Moment, right: Moment) -> Bool {
        left.microseconds < right.microseconds
    }

    /// This moment moved by a span; traps on overflow, which lies 290,000 years away.
    public func adding(_ span: Span) -> Moment {
        Moment(microseconds: microseconds + span.microseconds)
    }

    /// The span from `earlier` to this moment, negative when `earlier` is later.
    public func since(_ earlier: Moment) -> Span {
        Span(microseconds: microseconds - earlier.microseconds)
    }
}

/// A length of time in whole microseconds.
public struct Span: Hashable, Comparable, Sendable {
    /// Microseconds, negative for a step back.
    public var microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public static func seconds(_ count: Int64) -> Span { Span(microseconds: count * 1_000_000) }
    public static func minutes(_ count: Int64) -> Span { seconds(count * 60) }
    public static func hours(_ count: Int64) -> Span { minutes(count * 60) }
    public static func days(_ count: Int64) -> Span { hours(count * 24) }

    public static func < (left: Span, right: Span) -> Bool {
        left.microseconds < right.microseconds
    }
}
