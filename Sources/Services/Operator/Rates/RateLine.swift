import Domain
import Messages
import Postgres

/// A rate as the table holds it.
struct RateLine {
    let service: String
    let tokensPerUnit: Int64?
    let isTrialEligible: Bool
    let isUnlimitedEligible: Bool
    let effectiveFrom: Int64
    /// Whether it holds now.
    let isCurrent: Bool

    /// - Parameter history: also those that held before, or will.
    static func read(history: Bool, on connection: DatabaseConnection) throws(DatabaseError) -> [RateLine] {
        var parameters = Parameters()
        parameters.add(bool: history)
        let rows = try connection.query(RateStatements.list, parameters)
        return (0..<rows.count).map { row in
            RateLine(
                service: rows.text(row, 0), tokensPerUnit: rows.int64OrNil(row, 1), isTrialEligible: rows.bool(row, 2),
                isUnlimitedEligible: rows.bool(row, 3), effectiveFrom: rows.timestamp(row, 4), isCurrent: rows.bool(row, 5))
        }
    }

    /// Whether setting this rate would change nothing.
    func isAlready(_ wanted: MeterRateSet, now: Int64) -> Bool {
        let price: MeterRateSet.Price = tokensPerUnit.map { .perUnit($0) } ?? .passThrough
        let isMeant = wanted.effectiveFrom.map { $0 == effectiveFrom } ?? isCurrent
        return isMeant && ExactText(service) == ExactText(wanted.service) && price == wanted.price
            && isTrialEligible == wanted.trialEligible && isUnlimitedEligible == wanted.unlimitedEligible
    }

    var cells: [String] {
        [
            service, tokensPerUnit.map(Figures.grouped) ?? "the event's own", isTrialEligible ? "yes" : "no",
            isUnlimitedEligible ? "yes" : "no",
            EventTime.secondsText(microseconds: effectiveFrom) + (isCurrent ? "" : " (not now)"),
        ]
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("service", service)
        if let tokensPerUnit { writer.member("tokens_per_unit", tokensPerUnit) } else { writer.member("pass_through", true) }
        writer.member("trial_eligible", isTrialEligible)
        writer.member("unlimited_eligible", isUnlimitedEligible)
        writer.member("effective_from", timeIfPresent: effectiveFrom)
        writer.member("current", isCurrent)
        writer.endObject()
    }
}

enum RateStatements {
    /// A service's first rate holds for all earlier times too (domain.md 5.2), so with only future rates the earliest is current.
    static let list = Statement(
        "operator_rates",
        """
        SELECT service, tokens_per_unit, trial_eligible, unlimited_eligible, effective_from, is_current FROM (
            SELECT r.*, r.effective_from = coalesce(
                (SELECT max(p.effective_from) FROM service_rates p WHERE p.service = r.service AND p.effective_from <= now()),
                (SELECT min(p.effective_from) FROM service_rates p WHERE p.service = r.service)) AS is_current
            FROM service_rates r
        ) AS rates
        WHERE $1 OR is_current ORDER BY service, effective_from
        """)
}
