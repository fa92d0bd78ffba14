/// What Stripe charges (`payment-facts.md` 1.13). A currency that is not here is refused when pricing.
///
/// Minima are published per settlement currency. Where none is published the smallest step stands, and Stripe's own bound, the equivalent of
/// the settlement currency's, is learnt only from its answer `amount_too_small`.
enum StripeCurrencies {
    /// "Max 8 digits for most".
    private static let eightDigits: Int64 = 99_999_999

    static let byCode = GatewayCurrency.table(
        GatewayCurrency.rows("USD EUR AUD CAD CHF BRL NZD SGD", wireExponent: 2, minimum: 50, maximum: eightDigits)
            + GatewayCurrency.rows("INR", wireExponent: 2, minimum: 50, maximum: 999_999_999)
            + GatewayCurrency.rows("GBP", wireExponent: 2, minimum: 30, maximum: eightDigits)
            + GatewayCurrency.rows("AED MYR PLN RON", wireExponent: 2, minimum: 200, maximum: eightDigits)
            + GatewayCurrency.rows("BGN", wireExponent: 2, minimum: 100, maximum: eightDigits)
            + GatewayCurrency.rows("DKK", wireExponent: 2, minimum: 250, maximum: eightDigits)
            + GatewayCurrency.rows("NOK SEK", wireExponent: 2, minimum: 300, maximum: eightDigits)
            + GatewayCurrency.rows("HKD", wireExponent: 2, minimum: 400, maximum: eightDigits)
            + GatewayCurrency.rows("MXN THB", wireExponent: 2, minimum: 1_000, maximum: eightDigits)
            + GatewayCurrency.rows("CZK", wireExponent: 2, minimum: 1_500, maximum: eightDigits)
            + GatewayCurrency.rows("HUF", wireExponent: 2, minimum: 17_500, maximum: eightDigits)
            + GatewayCurrency.rows("TWD NGN GHS KES ZAR COP LBP", wireExponent: 2, maximum: eightDigits)
            + GatewayCurrency.rows("IDR", wireExponent: 2, maximum: 999_999_999_999)
            + GatewayCurrency.rows("JPY", wireExponent: 0, minimum: 50, maximum: eightDigits)
            + GatewayCurrency.rows(
                "BIF CLP DJF GNF KMF KRW MGA PYG RWF VND VUV XAF XOF XPF", wireExponent: 0, maximum: eightDigits)
            // "Send two decimals that are always 00".
            + GatewayCurrency.rows("ISK UGX", wireExponent: 2, maximum: eightDigits)
            // "x1000 and last digit 0".
            + GatewayCurrency.rows("BHD JOD KWD OMR TND", wireExponent: 3, maximum: eightDigits))
}
