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
    public var text: String { text(decimals: 2) }

    /// As many decimals as are needed, at least so many: the price of a token in a currency that counts none, or three.
    public func text(decimals: Int) -> String { DecimalText.text(tenThousandths, decimals: 4, atLeast: decimals) }

    /// A rate as a number of percent, with as many decimals as are needed: `16` of 0.16, `7.75` of 0.0775.
    public var percentText: String { DecimalText.text(tenThousandths, decimals: 2, atLeast: 0) }

    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        left.tenThousandths < right.tenThousandths
    }
}
