/// What amounts Stripe takes (payment-facts.md 1.13).
enum Amounts {
    static let currencies = Set(
        """
        usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve \
        czk djf dkk dop dzd egp etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf \
        krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php \
        pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv \
        wst xaf xcd xof xpf yer zar zmw
        """.split(separator: " ").map(String.init))

    static let withoutDecimals: Set<String> = [
        "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf",
    ]

    static let withThreeDecimals: Set<String> = ["bhd", "jod", "kwd", "omr", "tnd"]

    private static let minimums: [String: Int64] = [
        "usd": 50, "eur": 50, "aud": 50, "cad": 50, "brl": 50, "chf": 50, "inr": 50, "nzd": 50, "sgd": 50, "gbp": 30, "jpy": 50,
        "aed": 200, "myr": 200, "pln": 200, "ron": 200, "bgn": 100, "dkk": 250, "nok": 300, "sek": 300, "hkd": 400, "mxn": 1000,
        "thb": 1000, "czk": 1500, "huf": 17_500,
    ]

    private static func maximum(_ currency: String) -> Int64 {
        switch currency {
        case "idr": 999_999_999_999
        case "inr": 999_999_999
        case "jpy", "huf", "cop", "lbp": 9_999_999_999
        default: 99_999_999
        }
    }

    static func fractionDigits(_ currency: String) -> Int {
        withoutDecimals.contains(currency) ? 0 : withThreeDecimals.contains(currency) ? 3 : 2
    }

    static func currency(_ parameters: Parameters, _ name: String = "currency") throws(StripeProblem) -> String {
        let text = try parameters.required(name).lowercased()
        guard currencies.contains(text) else { throw .invalid(parameters.path(name), "Invalid currency: \(text).") }
        return text
    }

    /// Refuses what Stripe would not charge.
    static func check(_ amount: Int64, _ currency: String, param: String = "amount") throws(StripeProblem) {
        guard amount >= 1 else {
            throw .invalid(param, "This value must be greater than or equal to 1.", code: "parameter_invalid_integer")
        }
        let least = minimums[currency] ?? 1
        guard amount >= least else {
            throw .invalid(param, "Amount must be at least \(shown(least, currency)) \(currency)", code: "amount_too_small")
        }
        let most = maximum(currency)
        guard amount <= most else {
            throw .invalid(param, "Amount must be no more than \(shown(most, currency)) \(currency)", code: "amount_too_large")
        }
        guard !withThreeDecimals.contains(currency) || amount % 10 == 0 else {
            throw .invalid(param, "Invalid integer: amounts in \(currency) must be divisible by 10", code: "parameter_invalid_integer")
        }
        guard !["isk", "ugx"].contains(currency) || amount % 100 == 0 else {
            throw .invalid(param, "Invalid integer: amounts in \(currency) must be divisible by 100", code: "parameter_invalid_integer")
        }
    }

    /// `12.30` for 1230 in a currency of two decimals.
    static func shown(_ amount: Int64, _ currency: String) -> String {
        let digits = fractionDigits(currency)
        guard digits > 0 else { return String(amount) }
        let text = String(amount.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return (amount < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
