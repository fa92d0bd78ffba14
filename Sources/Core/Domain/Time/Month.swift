/// A calendar month in UTC, counted from January of the year 0.
public struct Month: Hashable, Comparable, Sendable {
    /// `year * 12 + (month - 1)`.
    public let index: Int64

    public init(index: Int64) {
        self.index = index
    }

    /// - Parameter month: 1 to 12.
    public init(year: Int64, month: Int64) {
        precondition((1...12).contains(month), "a year has twelve months")
        index = year * 12 + month - 1
    }

    /// The month of a moment.
    public init(of moment: Moment) {
        let date = CivilDate(of: moment)
        self.index = date.year * 12 + date.month - 1
    }

    public static func < (left: Month, right: Month) -> Bool {
        left.index < right.index
    }

    /// 00:00 on the first day.
    public var start: Moment {
        CivilDate(year: index >= 0 ? index / 12 : (index - 11) / 12, month: ((index % 12) + 12) % 12 + 1, day: 1).start
    }

    /// The month after this one; its `start` is the exclusive end of this one.
    public var next: Month { Month(index: index + 1) }

    /// `2030-04`.
    public var text: String {
        let date = CivilDate(of: start)
        return "\(date.year)-\(date.month < 10 ? "0" : "")\(date.month)"
    }
}

/// A day of the proleptic Gregorian calendar, by integer arithmetic (Howard Hinnant, "chrono-compatible low-level date algorithms").
public struct CivilDate: Hashable, Sendable {
    public let year: Int64
    /// 1 to 12.
    public let month: Int64
    /// 1 to 31.
    public let day: Int64

    public init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day in which a moment lies.
    public init(of moment: Moment) {
        let perDay: Int64 = 86_400_000_000
        var days = moment.microseconds / perDay
        if moment.microseconds % perDay < 0 { days -= 1 }
        self.init(daysSince1970: days)
    }

    public init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    public var daysSince1970: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 00:00 of this day.
    public var start: Moment {
        Moment(microseconds: daysSince1970 * 86_400_000_000)
    }
}
