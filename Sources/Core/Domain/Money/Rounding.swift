/// The quotient, rounded half away from zero: the one rounding of the product (`domain.md` 1.2).
///
/// All figures are integers, so nothing is lost before the rounding. The denominator must be above 0.
/// - Throws: `AmountError.overflow` when the result does not fit; repeating cannot help.
public func roundedQuotient(_ numerator: Int128, over denominator: Int128) throws(AmountError) -> Int64 {
    precondition(denominator > 0, "a share needs a positive whole")
    let whole = denominator.magnitude
    var (magnitude, rest) = numerator.magnitude.quotientAndRemainder(dividingBy: whole)
    if rest >= whole - rest { magnitude += 1 }
    guard magnitude <= UInt128(Int64.max) + 1 else { throw .overflow }
    let signed = Int128(magnitude)
    guard let result = Int64(exactly: numerator < 0 ? -signed : signed) else { throw .overflow }
    return result
}

/// `amount * numerator / denominator`, rounded half away from zero. The denominator must be above 0.
/// - Throws: `AmountError.overflow` when the result does not fit; repeating cannot help.
public func roundedShare(of amount: Int64, _ numerator: Int64, over denominator: Int64) throws(AmountError) -> Int64 {
    try roundedQuotient(Int128(amount) * Int128(numerator), over: Int128(denominator))
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
