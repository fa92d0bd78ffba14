/// A number with four decimals, as `NUMERIC(19,4)` stores it: the price of a single token, a rate of tax. Never a float.
public struct ExactDecimal: Hashable, Comparable, Sendable {
    public let tenThousandths: Int64

    public init(tenThousandths: Int64) {
        self.tenThousandths = tenThousandths
    }

    /// Reads `0.16`; nil when the text is no plain decimal number, or has more than four decimals that count.
    public init?(_ text: String) {
        guard let value = DecimalText.parse(text, decimals: 4) else { return nil }
        tenThousandths = value
    }

    /// As many decimals as are needed, at least two: `0.50`, `0.0125`.
    public var text: String {
        let full = DecimalText.text(tenThousandths, decimals: 4)
        let zeros = full.utf8.suffix(2).reversed().prefix { $0 == UInt8(ascii: "0") }.count
        return String(full.dropLast(zeros))
    }

    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        left.tenThousandths < right.tenThousandths
    }
}
