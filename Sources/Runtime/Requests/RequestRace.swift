public import Postgres

/// Two lanes can handle messages of one identity at the same time where no wallet's lock stands between them: a wallet that does not exist
/// yet cannot be locked, and a usage event that comes again for another organization locks another wallet. The one that commits later then
/// breaks a key, and finds what the other decided when it looks again.
public enum RequestRace {
    /// How often a step looks again: more than once only when several of its requests are raced by different lanes one after another.
    static let mostRepeats = 3

    /// Runs a step's transaction, and again after losing such a race.
    /// - Throws: what `attempt` throws otherwise; it must have left no transaction open then. When the last look is lost too, an error that
    ///   asks for the batch to be done again: no message is at fault, whatever the broken key says.
    public static func settle<R>(on connection: DatabaseConnection, _ attempt: () throws -> R) throws -> R {
        for _ in 0..<mostRepeats {
            do {
                return try attempt()
            } catch  where isLost(error) {
                try connection.rollbackIfNeeded()
            }
        }
        do {
            return try attempt()
        } catch  where isLost(error) {
            throw DatabaseError(kind: .server, sqlState: "40001", message: "others decided the same messages at the same time")
        }
    }

    /// A purchase that another lane initialized, a payment method that it added or chose, a refund that it began.
    private static let purchaseKeys = [
        "token_purchases_request", "token_purchases_idempotency", "payment_methods_reference", "payment_methods_default",
        "purchase_refunds_request", "purchase_refunds_under_way", "purchase_refunds_automatic", "purchase_disputes_gateway_key",
    ]

    /// Whether a step's transaction failed because a message of it had been decided before.
    public static func isLost(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.isUniqueViolation("processed_requests_pkey") || error.isUniqueViolation("idempotency_keys_pkey")
            || error.isUniqueViolation("token_balance_history_event") || purchaseKeys.contains { error.isUniqueViolation($0) }
    }
}
