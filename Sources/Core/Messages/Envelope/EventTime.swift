/// Times on the wire: RFC 3339 to and from microseconds since 1970-01-01T00:00:00Z, by arithmetic on whole numbers.
public enum EventTime {
    /// Every time that can be read and written: the years 0000 to 9999 in UTC.
    public static let range: ClosedRange<Int64> = -62_167_219_200_000_000...253_402_300_799_999_999

    /// Reads any RFC 3339 time: offsets, lower-case `t` and `z`, a space for the `T`, any number of fraction digits (those
    /// beyond microseconds are cut off), years 0000 to 9999. Nil when it is no such time.
    ///
    /// A leap second (`23:59:60` in UTC) is the first second of the next day, as PostgreSQL counts it.
    public static func microseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return microseconds(bytes, 0, bytes.count)
    }

    /// The same for a part of a buffer, without making a string.
    static func microseconds(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int64? {
        guard end - start >= 20, let date = days(bytes, start), let seconds = secondsOfDay(bytes, start + 11) else { return nil }
        let separator = bytes[start + 10]
        guard separator | 0x20 == UInt8(ascii: "t") || separator == 0x20 else { return nil }
        var index = start + 19
        var fraction: Int64 = 0
        if bytes[index] == UInt8(ascii: ".") {
            guard let (value, next) = microsecondFraction(bytes, index + 1, end) else { return nil }
            fraction = value
            index = next
        }
        guard let offset = offsetSeconds(bytes, index, end) else { return nil }
        let total = date * 86_400 + seconds - offset
        if bytes[start + 17] == UInt8(ascii: "6") {
            // Only the last second of a day in UTC can be a leap second.
            guard (total % 86_400 + 86_400) % 86_400 == 0 else { return nil }
        }
        // An offset can lead out of the years that can be written again.
        let time = total * 1_000_000 + fraction
        return range.contains(time) ? time : nil
    }

    /// A time as we write it: UTC, six fraction digits, `Z`.
    ///
    /// A time outside of `range` is written as its nearest end.
    public static func text(microseconds unbounded: Int64) -> String {
        let time = min(max(unbounded, range.lowerBound), range.upperBound)
        let seconds = floorDivide(time, 1_000_000)
        let fraction = time - seconds * 1_000_000
        return String(decoding: civil(seconds) + [UInt8(ascii: ".")] + digits(fraction, 6) + [UInt8(ascii: "Z")], as: UTF8.self)
    }

    /// A time in whole seconds with `Z`, as slots of ticks are written; fractions are cut off.
    public static func secondsText(microseconds unbounded: Int64) -> String {
        let time = min(max(unbounded, range.lowerBound), range.upperBound)
        return String(decoding: civil(floorDivide(time, 1_000_000)) + [UInt8(ascii: "Z")], as: UTF8.self)
    }

    // MARK: Reading

    @inline(__always)
    private static func two(_ bytes: [UInt8], _ index: Int) -> Int64? {
        let tens = bytes[index] &- 0x30
        let ones = bytes[index + 1] &- 0x30
        guard tens < 10, ones < 10 else { return nil }
        return Int64(tens * 10 + ones)
    }

    /// Days since 1970 of `YYYY-MM-DD`.
    private static func days(_ bytes: [UInt8], _ start: Int) -> Int64? {
        guard let century = two(bytes, start), let yearOfCentury = two(bytes, start + 2), let month = two(bytes, start + 5),
            let day = two(bytes, start + 8), bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-")
        else { return nil }
        let year = century * 100 + yearOfCentury
        guard 1...12 ~= month, day >= 1, day <= daysInMonth(year, month) else { return nil }
        // Counted from 1 March of year 0, so that the leap day is the last of its year.
        let shifted = month > 2 ? year : year - 1
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func daysInMonth(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    private static func secondsOfDay(_ bytes: [UInt8], _ start: Int) -> Int64? {
        guard let hour = two(bytes, start), let minute = two(bytes, start + 3), let second = two(bytes, start + 6),
            bytes[start + 2] == UInt8(ascii: ":"), bytes[start + 5] == UInt8(ascii: ":"), hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private static func microsecondFraction(_ bytes: [UInt8], _ start: Int, _ end: Int) -> (Int64, Int)? {
        var value: Int64 = 0
        var index = start
        while index < end, case let digit = bytes[index] &- 0x30, digit < 10 {
            if index - start < 6 { value = value * 10 + Int64(digit) }
            index += 1
        }
        guard index > start else { return nil }
        for _ in min(index - start, 6)..<6 { value *= 10 }
        return (value, index)
    }

    private static func offsetSeconds(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int64? {
        guard start < end else { return nil }
        if bytes[start] | 0x20 == UInt8(ascii: "z") { return end == start + 1 ? 0 : nil }
        let sign: Int64
        switch bytes[start] {
        case UInt8(ascii: "+"): sign = 1
        case UInt8(ascii: "-"): sign = -1
        default: return nil
        }
        guard end == start + 6, let hour = two(bytes, start + 1), bytes[start + 3] == UInt8(ascii: ":"),
            let minute = two(bytes, start + 4), hour < 24, minute < 60
        else { return nil }
        return sign * (hour * 3600 + minute * 60)
    }

    // MARK: Writing

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }

    /// `YYYY-MM-DDTHH:MM:SS` of seconds since 1970.
    private static func civil(_ seconds: Int64) -> [UInt8] {
        let day = floorDivide(seconds, 86_400)
        let rest = seconds - day * 86_400
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = digits(year, 4) + [0x2D] + digits(month, 2) + [0x2D] + digits(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2)
        return date + [0x54] + digits(rest / 3600, 2) + [0x3A] + digits(rest / 60 % 60, 2) + [0x3A] + digits(rest % 60, 2)
    }

    private static func digits(_ value: Int64, _ width: Int) -> [UInt8] {
        var digits = [UInt8](repeating: 0x30, count: width)
        var rest = value
        for index in stride(from: width - 1, through: 0, by: -1) {
            digits[index] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
        return digits
    }
}
