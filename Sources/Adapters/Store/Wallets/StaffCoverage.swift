public import Domain
public import Postgres

/// Coverage that staff has given by a wallet's settings: the rows of `unlimited_coverage` whose origin is `settings`. A wallet has at
/// most one that is still running; those of subscriptions stand beside it and are left alone.
public enum StaffCoverage {
    /// The request that reads the newest coverage of each wallet; read its rows with `found(in:)`.
    public static func loading(_ wallets: [Int64]) -> Request {
        var parameters = Parameters()
        parameters.add(int64s: wallets)
        return Request(StaffCoverageStatements.newest, parameters)
    }

    /// Reads the rows of `loading`, by wallet id.
    public static func found(in rows: Rows) -> [Int64: Coverage] {
        var found: [Int64: Coverage] = [:]
        for row in 0..<rows.count { found[rows.int64(row, 0)] = WalletRows.coverage(rows, row) }
        return found
    }

    /// The requests that end what runs and give something else from a moment on, or nothing. Events of before that moment stay covered.
    public static func replacing(of wallet: Int64, with coverage: Coverage?, at moment: Moment) -> [Request] {
        var end = Parameters()
        end.add(int64: wallet)
        end.add(timestamp: moment.microseconds)
        let ending = Request(StaffCoverageStatements.end, end)
        guard let coverage else { return [ending] }
        var give = Parameters()
        give.add(int64: wallet)
        give.add(texts: coverage.services)
        give.add(timestamp: coverage.startsAt.microseconds)
        give.add(timestampOrNil: coverage.endsAt?.microseconds)
        return [ending, Request(StaffCoverageStatements.give, give)]
    }
}

enum StaffCoverageStatements {
    static let newest = Statement(
        "staff_coverage_newest",
        """
        SELECT DISTINCT ON (wallet_id) wallet_id, services, starts_at, ends_at FROM unlimited_coverage
        WHERE wallet_id = ANY ($1) AND origin = 'settings'
        ORDER BY wallet_id, coverage_id DESC
        """)

    /// A row that begins later, as a clock that was set back can leave one, becomes empty instead of ending before it began.
    static let end = Statement(
        "staff_coverage_end",
        """
        UPDATE unlimited_coverage SET ends_at = greatest(starts_at, $2)
        WHERE wallet_id = $1 AND origin = 'settings' AND (ends_at IS NULL OR ends_at > $2)
        """)

    static let give = Statement(
        "staff_coverage_give",
        "INSERT INTO unlimited_coverage (wallet_id, services, starts_at, ends_at, origin) VALUES ($1, $2, $3, $4, 'settings')")
}
