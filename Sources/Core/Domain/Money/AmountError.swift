/// An amount that cannot be stored. Overflow is an error, never a wrap (`domain.md` 1.3).
public enum AmountError: Error, Hashable, Sendable {
    /// The result lies outside 64 bits. The same input gives the same error: a retry makes no sense.
    case overflow
}

extension Int64 {
    /// The sum, or `AmountError.overflow`.
    func plus(_ other: Int64) throws(AmountError) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard !overflow else { throw .overflow }
        return sum
    }

    /// The difference, or `AmountError.overflow`.
    func minus(_ other: Int64) throws(AmountError) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        guard !overflow else { throw .overflow }
        return difference
    }

    /// The product, or `AmountError.overflow`.
    func times(_ other: Int64) throws(AmountError) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        guard !overflow else { throw .overflow }
        return product
    }
}
