/// Conversion between the API's moments (microseconds since 1970-01-01 UTC) and PostgreSQL's, which count from 2000-01-01.
///
/// `Int64.max` and `Int64.min` stand for `infinity` and `-infinity` on both sides.
@usableFromInline
enum PostgresEpoch {
    @usableFromInline static let microseconds: Int64 = 946_684_800_000_000
    @usableFromInline static let days: Int32 = 10_957

    /// Moments before PostgreSQL's range come out as values the server refuses (22008).
    @inlinable
    static func toServer(_ moment: Int64) -> Int64 {
        if moment == .max || moment == .min { return moment }
        let (value, overflow) = moment.subtractingReportingOverflow(microseconds)
        return overflow ? .min + 1 : value
    }

    @inlinable
    static func fromServer(_ value: Int64) -> Int64 {
        if value == .max || value == .min { return value }
        let (moment, overflow) = value.addingReportingOverflow(microseconds)
        return overflow ? .max : moment
    }
}
