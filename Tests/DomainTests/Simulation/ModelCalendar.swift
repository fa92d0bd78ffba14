/// Months as a list: no arithmetic that could have the same mistake as the product's.
enum ModelCalendar {
    private static let lengths = [
        [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],  // 2027
        [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],  // 2028
        [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],  // 2029
        [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],  // 2030
        [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],  // 2031
    ]

    /// The first second of each month from January 2027 on, in seconds since 1970.
    static let monthStarts: [Int] = lengths.flatMap { $0 }.reduce(into: [1_798_761_600]) { starts, days in
        starts.append(starts[starts.count - 1] + days * 86_400)
    }

    /// The place in `monthStarts` of the month in which a moment lies.
    static func month(of time: Int) -> Int {
        (monthStarts.firstIndex { $0 > time } ?? monthStarts.count) - 1
    }
}
