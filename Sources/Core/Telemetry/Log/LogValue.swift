/// A value in a log line. Only scalars: a log is read by machines, and whoever needs a structure gives its parts names.
public enum LogValue: Sendable, Equatable {
    case int(Int64)
    case double(Double)
    case string(String)
    case bool(Bool)

    /// A whole number of any width; one that does not fit is written as the nearest that does.
    public static func number(_ value: some BinaryInteger) -> LogValue { .int(Int64(clamping: value)) }
}

extension LogValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringInterpolation
{
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A fraction.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A text, interpolated ones too.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Yes or no.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
