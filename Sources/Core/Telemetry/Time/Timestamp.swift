/// Prints a wall clock reading as RFC 3339 in UTC, by integer arithmetic: log lines are written too often for a formatter.
public enum Timestamp {
    /// `2026-11-20T10:00:00.123456Z`. - Parameter microseconds: since 1970; earlier moments are negative.
    public static func text(_ microseconds: Int64) -> String {
        let (date, time) = parts(microseconds)
        return "\(date)T\(time)Z"
    }

    /// The time of day alone, with milliseconds: what a person at a terminal wants to see.
    static func timeOfDay(_ microseconds: Int64) -> String {
        String(parts(microseconds).time.prefix(12))
    }

    private static func parts(_ microseconds: Int64) -> (date: String, time: String) {
        let perDay: Int64 = 86_400_000_000
        let days = microseconds >= 0 ? microseconds / perDay : (microseconds - perDay + 1) / perDay
        let within = microseconds - days * perDay
        let (year, month, day) = civil(days)
        let seconds = within / 1_000_000
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return (date, "\(clock).\(padded(within % 1_000_000, 6))")
    }

    /// The date of a number of days since 1970 in the proleptic Gregorian calendar. Years are counted from March, so that the leap
    /// day is the last of its year and the length of the months before it is a straight line.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return digits.count >= width ? digits : String(repeating: "0", count: width - digits.count) + digits
    }
}
