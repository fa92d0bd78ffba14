/// How a gateway takes amounts of one currency (`domain.md` 1.1). Figures are in the whole numbers that travel on the wire.
public struct GatewayCurrency: Hashable, Sendable {
    public let currency: Currency
    /// How many decimals of the major unit the number on the wire holds; not always those of the currency.
    public let wireExponent: Int
    /// Every amount is a multiple of it.
    public let step: Int64
    /// The smallest charge.
    public let minimum: Int64
    /// The largest charge.
    public let maximum: Int64

    /// Why an amount cannot be charged.
    public enum Refusal: Error, Hashable, Sendable {
        case tooSmall
        case tooLarge
        /// Finer than the step: such an amount was never priced by us.
        case offStep
    }

    /// From minor units to the wire: multiplied by the one, divided by the other. At least one of them is 1.
    private var up: Int64 { PowerOfTen.of(max(0, wireExponent - currency.decimals)) }
    private var down: Int64 { PowerOfTen.of(max(0, currency.decimals - wireExponent)) }

    /// The number for the wire.
    /// - Throws: a refusal; another amount is needed.
    public func wireAmount(of money: Money) throws(Refusal) -> Int64 {
        precondition(money.currency == currency, "an amount of another currency")
        guard money.minorUnits % down == 0 else { throw .offStep }
        let (wire, overflow) = (money.minorUnits / down).multipliedReportingOverflow(by: up)
        guard !overflow, wire <= maximum else { throw .tooLarge }
        guard wire >= minimum else { throw .tooSmall }
        guard wire % step == 0 else { throw .offStep }
        return wire
    }

    /// The number for the wire of money that goes back: less than the smallest charge may be given back.
    public func wireNumber(of money: Money) -> Int64 {
        precondition(money.currency == currency, "an amount of another currency")
        return money.minorUnits / down * up
    }

    /// What a number from the wire means; nil when it is finer than the currency's minor unit, or no amount at all.
    public func money(fromWire wire: Int64) -> Money? {
        guard wire % up == 0 else { return nil }
        let (units, overflow) = (wire / up).multipliedReportingOverflow(by: down)
        let money = Money(minorUnits: units, currency)
        return overflow || !money.isStorable ? nil : money
    }

    /// Rows of a gateway's table, by code.
    static func table(_ rows: [GatewayCurrency]) -> [String: GatewayCurrency] {
        Dictionary(uniqueKeysWithValues: rows.map { ($0.currency.code, $0) })
    }

    /// A row for each of the codes; the step on the wire follows from that of the currency.
    static func rows(_ codes: String, wireExponent: Int, minimum: Int64? = nil, maximum: Int64) -> [GatewayCurrency] {
        codes.split(separator: " ").map { code in
            guard let currency = Currency(String(code)) else { preconditionFailure("\(code) is missing in the table of currencies") }
            let up = PowerOfTen.of(max(0, wireExponent - currency.decimals))
            let down = PowerOfTen.of(max(0, currency.decimals - wireExponent))
            let step = max(1, currency.step * up / down)
            return GatewayCurrency(
                currency: currency, wireExponent: wireExponent, step: step, minimum: minimum ?? step, maximum: maximum)
        }
    }
}
