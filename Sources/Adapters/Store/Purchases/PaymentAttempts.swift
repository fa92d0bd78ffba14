public import Domain
public import Postgres

/// One call that may charge somebody, or open a page for it.
public struct PaymentAttempt: Sendable {
    public let purchase: Int64
    public let number: Int
    public let gateway: Gateway
    /// Never changes: Stripe's idempotency key, Paystack's reference.
    public let key: String
    public let method: String?
    public let amount: Money
    public let startedAt: Moment
    /// The message that made it begin.
    public let request: EventIdentity?

    public init(
        purchase: Int64, number: Int, gateway: Gateway, key: String, method: String?, amount: Money, startedAt: Moment,
        request: EventIdentity?
    ) {
        self.purchase = purchase
        self.number = number
        self.gateway = gateway
        self.key = key
        self.method = method
        self.amount = amount
        self.startedAt = startedAt
        self.request = request
    }

    /// The key of an attempt. Letters, digits and `-` only: that is what Paystack takes (`payment-facts.md` 2.2).
    public static func key(_ reference: PurchaseReference, _ number: Int) -> String { "\(reference.text)-\(number)" }
}

/// What became of an attempt; the words are those of `payment_attempts.outcome`.
public enum AttemptOutcome: String, Sendable, CaseIterable {
    case succeeded
    case softDecline = "soft_decline"
    case hardDecline = "hard_decline"
    case needsCustomer = "needs_customer"
    case unknown
    case refused
    case slowDown = "slow_down"
    case notCharged = "not_charged"
    case closed
}

/// The table `payment_attempts`.
public enum PaymentAttempts {
    /// The request that stores an attempt before its call is made (`payments.md`, Charging, 1). The same attempt again, after the gateway
    /// turned it away unread, is the same row.
    public static func beginning(_ attempt: PaymentAttempt) -> Request {
        var parameters = Parameters()
        parameters.add(int64: attempt.purchase)
        parameters.add(int64: Int64(attempt.number))
        parameters.add(text: attempt.gateway.rawValue)
        parameters.add(text: attempt.key)
        parameters.add(textOrNil: attempt.method)
        parameters.add(text: attempt.amount.text)
        parameters.add(text: attempt.amount.currency.code)
        parameters.add(timestamp: attempt.startedAt.microseconds)
        parameters.add(textOrNil: attempt.request?.source)
        parameters.add(textOrNil: attempt.request?.id)
        return Request(AttemptStatements.begin, parameters)
    }

    /// The request that stores what became of an attempt; a success stays a success.
    /// - Parameter object: the gateway's id of the charge or page.
    public static func ending(
        _ purchase: Int64, _ number: Int, _ outcome: AttemptOutcome, code: String?, object: String?, at moment: Moment
    ) -> Request {
        var parameters = Parameters()
        parameters.add(int64: purchase)
        parameters.add(int64: Int64(number))
        parameters.add(text: outcome.rawValue)
        parameters.add(textOrNil: code)
        parameters.add(textOrNil: object)
        parameters.add(timestamp: moment.microseconds)
        return Request(AttemptStatements.end, parameters)
    }

    /// The request that finds an attempt; read its rows with `found(in:)`.
    public static func finding(_ purchase: Int64, _ number: Int) -> Request {
        var parameters = Parameters()
        parameters.add(int64: purchase)
        parameters.add(int64: Int64(number))
        return Request(AttemptStatements.find, parameters)
    }

    /// Reads the row of `finding`.
    public static func found(in rows: Rows) -> PaymentAttempt? {
        rows.isEmpty ? nil : attempt(rows, 0)
    }

    /// Reads a row that begins with the columns of `finding`.
    static func attempt(_ rows: Rows, _ row: Int) -> PaymentAttempt {
        let currency = PurchaseRows.word(rows.text(row, 6)) { Currency($0) }
        var request: EventIdentity?
        if let source = rows.textOrNil(row, 8), let id = rows.textOrNil(row, 9) { request = EventIdentity(source: source, id: id) }
        return PaymentAttempt(
            purchase: rows.int64(row, 0), number: Int(rows.int64(row, 1)),
            gateway: PurchaseRows.word(rows.text(row, 2)) { Gateway(rawValue: $0) }, key: rows.text(row, 3), method: rows.textOrNil(row, 4),
            amount: PurchaseRows.money(rows, row, 5, currency), startedAt: Moment(microseconds: rows.timestamp(row, 7)), request: request)
    }

    /// What became of an attempt; read its row with `outcome(in:)`.
    public static func outcome(of purchase: Int64, _ number: Int) -> Request {
        var parameters = Parameters()
        parameters.add(int64: purchase)
        parameters.add(int64: Int64(number))
        return Request(AttemptStatements.outcome, parameters)
    }

    /// Reads the row of `outcome(of:)`; nil while nobody knows, or where no attempt was made.
    public static func outcome(in rows: Rows) -> AttemptOutcome? {
        rows.isEmpty ? nil : PurchaseRows.optionalWord(rows.textOrNil(0, 0)) { AttemptOutcome(rawValue: $0) }
    }

    /// When a card was declined lately, since it last paid: networks count these over all purchases (`payment-facts.md` 4).
    public static func declines(of method: String, since moment: Moment) -> Request {
        var parameters = Parameters()
        parameters.add(text: method)
        parameters.add(timestamp: moment.microseconds)
        return Request(AttemptStatements.declines, parameters)
    }

    /// Reads the rows of `declines`.
    public static func declines(in rows: Rows) -> [Moment] {
        (0..<rows.count).map { Moment(microseconds: rows.timestamp($0, 0)) }
    }
}

enum AttemptStatements {
    static let begin = Statement(
        "attempt_begin",
        """
        INSERT INTO payment_attempts (purchase_id, attempt, gateway, key, payment_method_id, amount, currency, started_at, request_source,
            request_id)
        VALUES ($1, $2, $3, $4, $5, $6::numeric, $7, $8, $9, $10)
        ON CONFLICT (purchase_id, attempt) DO UPDATE SET outcome = NULL, code = NULL, ended_at = NULL
        """)

    static let end = Statement(
        "attempt_end",
        """
        UPDATE payment_attempts
        SET outcome = $3, code = $4, gateway_object_id = coalesce($5, gateway_object_id),
            ended_at = CASE WHEN $3 = 'unknown' THEN NULL ELSE $6::timestamptz END
        WHERE purchase_id = $1 AND attempt = $2 AND outcome IS DISTINCT FROM 'succeeded'
        """)

    static let find = Statement(
        "attempt_find",
        """
        SELECT purchase_id, attempt, gateway, key, payment_method_id, amount::text, currency, started_at, request_source, request_id
        FROM payment_attempts WHERE purchase_id = $1 AND attempt = $2
        """)

    static let outcome = Statement("attempt_outcome", "SELECT outcome FROM payment_attempts WHERE purchase_id = $1 AND attempt = $2")

    /// By the index on method and start, newest first; ten are as many as anybody asks for.
    static let declines = Statement(
        "attempt_declines",
        """
        SELECT started_at FROM payment_attempts
        WHERE payment_method_id = $1 AND started_at > $2 AND outcome IN ('soft_decline', 'hard_decline', 'needs_customer')
          AND started_at > coalesce((
              SELECT started_at FROM payment_attempts
              WHERE payment_method_id = $1 AND outcome = 'succeeded' ORDER BY started_at DESC LIMIT 1
          ), '-infinity')
        ORDER BY started_at DESC
        LIMIT 10
        """)
}
