/// A currency that at least one gateway can charge.
public struct Currency: Hashable, Sendable {
    /// ISO 4217, upper case.
    public let code: String
    /// How many decimals an amount has in texts: 0, 2 or 3.
    public let decimals: Int
    /// Minor units: every total and every share is a multiple of it, because nothing finer can be charged or given back (`domain.md` 1.2).
    public let step: Int64

    /// Nil: no gateway charges it.
    public init?(_ code: String) {
        guard let shape = Currency.shapes[code] else { return nil }
        self.code = code
        decimals = shape.decimals
        step = shape.step
    }

    /// Every currency of `payment-facts.md` 1.13 and 2.1, in the order of the codes.
    public static let all: [Currency] = shapes.keys.sorted().compactMap(Currency.init)

    private struct Shape {
        let decimals: Int
        let step: Int64
    }

    /// Decimals by ISO 4217. Three-decimal currencies are charged with a last digit of 0; the ariary counts in fifths on paper, and in
    /// whole ones at the gateway.
    private static let shapes: [String: Shape] = {
        let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
        let two = """
            AED AUD BGN BRL CAD CHF COP CZK DKK EGP EUR GBP GHS HKD HUF IDR INR KES LBP MXN MYR NGN NOK NZD PLN RON SEK SGD THB TWD USD ZAR
            """
        let three = "BHD JOD KWD OMR TND"
        var shapes = ["MGA": Shape(decimals: 2, step: 100)]
        for (codes, shape) in [
            (none, Shape(decimals: 0, step: 1)), (two, Shape(decimals: 2, step: 1)), (three, Shape(decimals: 3, step: 10)),
        ] {
            for code in codes.split(separator: " ") { shapes[String(code)] = shape }
        }
        return shapes
    }()
}
