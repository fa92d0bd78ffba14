import Domain

/// How values are written in documents: in English, without a comma that some would read as a decimal point.
enum Printed {
    /// `20 Nov 2026`: no reader takes the day for the month.
    static func date(_ moment: Moment) -> String {
        let date = CivilDate(of: moment)
        return "\(date.day) \(months[Int(date.month) - 1]) \(date.year)"
    }

    /// `116.00 USD`: signs of currencies are shared by several.
    static func amount(_ money: Money) -> String { "\(money.text) \(money.currency.code)" }

    /// The same as a sum that is taken off.
    static func taken(_ money: Money) -> String { money.minorUnits == 0 ? amount(money) : "-" + amount(money) }

    /// A price that may be finer than the currency's smallest coin.
    static func price(_ price: ExactDecimal, _ currency: Currency) -> String {
        "\(price.text(decimals: currency.decimals)) \(currency.code)"
    }

    /// `16%`.
    static func rate(_ rate: ExactDecimal) -> String { rate.percentText + "%" }

    /// As the gateways call themselves.
    static func gateway(_ gateway: Gateway) -> String {
        switch gateway {
        case .stripe: "Stripe"
        case .paystack: "Paystack"
        }
    }

    static func tokens(_ count: Int64) -> String { count == 1 ? "1 token" : "\(count) tokens" }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
