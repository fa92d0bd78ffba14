/// Numbers of JSON, exact: a token is a whole number and never passes through a float.
enum JSONNumber {
    /// The value of a grammatical number when it is whole and fits 64 bits: `1e3` and `10.0` are, `0.5` and `1e30` are not.
    ///
    /// Takes time in proportion to the number's length only: no power is ever built, so `1e999999999` costs nothing.
    static func whole(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int64? {
        let parts = Parts(bytes, start, end)
        if parts.significant.isEmpty { return 0 }
        let exponent = parts.exponent
        guard exponent >= 0, parts.significant.count + exponent <= 19 else { return nil }
        var value: Int64 = 0
        for index in 0..<(parts.significant.count + exponent) {
            let digit = index < parts.significant.count ? Int64(parts.significant[index]) : 0
            // Downwards, because the lowest value has no positive twin.
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflowAgain) = shifted.subtractingReportingOverflow(digit)
            if overflow || overflowAgain { return nil }
            value = next
        }
        if parts.negative { return value }
        return value == .min ? nil : -value
    }

    /// A number as digits without zeros at either end, and the power of ten they are multiplied by.
    private struct Parts {
        var negative = false
        var significant: [UInt8] = []
        var exponent = 0

        init(_ bytes: [UInt8], _ start: Int, _ end: Int) {
            var index = start
            if bytes[index] == UInt8(ascii: "-") {
                negative = true
                index += 1
            }
            var fraction = false
            while index < end, bytes[index] | 0x20 != UInt8(ascii: "e") {
                if bytes[index] == UInt8(ascii: ".") {
                    fraction = true
                } else {
                    let digit = bytes[index] - 0x30
                    if digit != 0 || !significant.isEmpty { significant.append(digit) }
                    if fraction { exponent -= 1 }
                }
                index += 1
            }
            if index < end { exponent += Self.power(bytes, index + 1, end) }
            while significant.last == 0 {
                significant.removeLast()
                exponent += 1
            }
        }

        /// The written exponent, held within bounds that no message's length can make up for.
        private static func power(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
            var index = start
            let negative = bytes[index] == UInt8(ascii: "-")
            if negative || bytes[index] == UInt8(ascii: "+") { index += 1 }
            var value = 0
            while index < end {
                value = min(value * 10 + Int(bytes[index] - 0x30), 1_000_000_000_000)
                index += 1
            }
            return negative ? -value : value
        }
    }
}
