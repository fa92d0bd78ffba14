/// `amount * numerator / denominator`, rounded half away from zero: the one rounding of the product (`domain.md` 1.2).
///
/// All figures are integers, so nothing is lost before the rounding. The denominator must be above 0.
/// - Throws: `AmountError.overflow` when the result does not fit; repeating cannot help.
public func roundedShare(of amount: Int64, _ numerator: Int64, over denominator: Int64) throws(AmountError) -> Int64 {
    precondition(denominator > 0, "a share needs a positive whole")
    let product = Int128(amount) * Int128(numerator)
    let whole = Int128(denominator)
    let doubled = product.magnitude * 2 + whole.magnitude
    let magnitude = doubled / (whole.magnitude * 2)
    guard let result = Int64(exactly: product < 0 ? -Int128(magnitude) : Int128(magnitude)) else { throw .overflow }
    return result
}

/// What `count` tokens of a lot are worth after `taken` were taken before (`domain.md` 1.4): F(taken + count) - F(taken).
///
/// Taken in any parts, the shares add up to the whole amount.
/// - Throws: `AmountError.overflow` when a sum does not fit.
public func lotShare(amount: Int64, granted: Int64, taken: Int64, count: Int64) throws(AmountError) -> Int64 {
    let (end, overflow) = taken.addingReportingOverflow(count)
    guard !overflow else { throw .overflow }
    return try roundedShare(of: amount, end, over: granted) - roundedShare(of: amount, taken, over: granted)
}
