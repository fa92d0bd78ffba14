/// Decimal numbers as text, read and printed exactly: no number passes through a float on its way.
enum DecimalText {
    /// The number in units of the last of `decimals` decimals.
    ///
    /// Further digits are allowed where they are zeros, because `NUMERIC(19,4)` prints four decimals whatever the currency. Nil: no plain
    /// decimal number, one that is finer, or one beyond 64 bits.
    static func parse(_ text: String, decimals: Int) -> Int64? {
        var digits = Array(text.utf8)[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : []
        if parts.count == 2, fraction.isEmpty { return nil }
        guard fraction.dropFirst(decimals).allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
        let padding = repeatElement(UInt8(ascii: "0"), count: max(0, decimals - fraction.count))
        var value: Int64 = 0
        for digit in Array(whole) + Array(fraction.prefix(decimals)) + Array(padding) {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (tenfold, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (next, isTooLargeStill) = tenfold.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            if isTooLarge || isTooLargeStill { return nil }
            value = next
        }
        return isNegative ? -value : value
    }

    /// The number with exactly so many decimals.
    static func text(_ value: Int64, decimals: Int) -> String {
        let sign = value < 0 ? "-" : ""
        let digits = String(value.magnitude)
        guard decimals > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// The number without zeros at its end, but with at least so many decimals.
    static func text(_ value: Int64, decimals: Int, atLeast least: Int) -> String {
        let full = text(value, decimals: decimals)
        let zeros = full.utf8.suffix(max(0, decimals - least)).reversed().prefix { $0 == UInt8(ascii: "0") }.count
        let short = full.dropLast(zeros)
        return String(short.last == "." ? short.dropLast() : short)
    }
}
