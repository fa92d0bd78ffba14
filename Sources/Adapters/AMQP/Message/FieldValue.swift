/// A value in a table of headers or arguments. Only scalars: streams and later brokers drop anything nested (mq-facts 2.2).
public enum FieldValue: Sendable, Equatable {
    /// A truth value.
    case bool(Bool)
    /// Any whole number that fits a signed 64-bit integer, whatever width it had on the wire.
    case int(Int64)
    /// A floating point number.
    case double(Double)
    /// Text.
    case string(String)
    /// Bytes, also text that is not UTF-8.
    case bytes([UInt8])
    /// Seconds since 1970.
    case timestamp(UInt64)
    /// Present, without a value.
    case void
    /// Something nested (`x-death`) or out of range. It is left out when the headers are published again.
    case unsupported
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// A text value.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
