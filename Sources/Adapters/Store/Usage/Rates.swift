public import Domain
public import Postgres

/// The price list of services (U2). Belongs to the thread of the connection that is passed in.
public enum Rates {
    /// Reads all rates.
    /// - Throws: the database's error.
    public static func load(on connection: DatabaseConnection) throws(DatabaseError) -> RateBook {
        let rows = try connection.query(RateStatements.all)
        var book = RateBook()
        for row in 0..<rows.count {
            let price: Rate.Price = rows.bool(row, 3) ? .passThrough : .perUnit(rows.int64(row, 2))
            book.set(
                Rate(
                    price: price, effectiveFrom: Moment(microseconds: rows.timestamp(row, 1)), trialEligible: rows.bool(row, 4),
                    unlimitedEligible: rows.bool(row, 5)),
                for: rows.text(row, 0))
        }
        return book
    }

    /// The requests that set a rate, or replace the one of the same date, and make every meter read the list anew.
    public static func setting(_ rate: Rate, for service: String, at moment: Moment) -> [Request] {
        var parameters = Parameters()
        parameters.add(text: service)
        parameters.add(timestamp: rate.effectiveFrom.microseconds)
        if case .perUnit(let tokens) = rate.price { parameters.add(int64OrNil: tokens) } else { parameters.add(int64OrNil: nil) }
        parameters.add(bool: rate.price == .passThrough)
        parameters.add(bool: rate.trialEligible)
        parameters.add(bool: rate.unlimitedEligible)
        parameters.add(timestamp: moment.microseconds)
        return [Request(RateStatements.set, parameters), Request(RateStatements.raiseVersion)]
    }
}

enum RateStatements {
    static let all = Statement(
        "rates_all",
        """
        SELECT service, effective_from, coalesce(tokens_per_unit, 0), pass_through, trial_eligible, unlimited_eligible
        FROM service_rates ORDER BY service, effective_from
        """)

    static let set = Statement(
        "rate_set",
        """
        INSERT INTO service_rates
            (service, effective_from, tokens_per_unit, pass_through, trial_eligible, unlimited_eligible, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (service, effective_from) DO UPDATE
        SET tokens_per_unit = excluded.tokens_per_unit, pass_through = excluded.pass_through, trial_eligible = excluded.trial_eligible,
            unlimited_eligible = excluded.unlimited_eligible, created_at = excluded.created_at
        """)

    static let raiseVersion = Statement(
        "rates_raise_version", "UPDATE system_settings SET rates_version = rates_version + 1, updated_at = now()")
}
