/// What Paystack charges (`payment-facts.md` 2.1): hundredths on the wire, also of currencies without any.
///
/// Minima are known for three currencies only, and no maximum is published: one is set that a `NUMERIC(19,4)` holds easily.
enum PaystackCurrencies {
    private static let twelveDigits: Int64 = 999_999_999_999

    static let byCode = GatewayCurrency.table(
        GatewayCurrency.rows("NGN", wireExponent: 2, minimum: 5_000, maximum: twelveDigits)
            + GatewayCurrency.rows("GHS", wireExponent: 2, minimum: 10, maximum: twelveDigits)
            + GatewayCurrency.rows("ZAR", wireExponent: 2, minimum: 100, maximum: twelveDigits)
            + GatewayCurrency.rows("KES USD EGP XOF RWF", wireExponent: 2, maximum: twelveDigits))
}
