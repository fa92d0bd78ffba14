public import Domain
public import Postgres

/// A refund as its row says: one that was asked for, or of a charge that nobody wanted (`domain.md` 7.6, 7.8).
public struct StoredRefund: Sendable {
    /// 0 until it is inserted.
    public var id: Int64
    public let purchase: Int64
    public var status: RefundStatus
    public let tokens: Int64
    public let net: Money
    public let tax: Money
    public let total: Money
    public let gateway: Gateway
    /// The charge that is given back.
    public let transaction: String
    public var gatewayRefund: String?
    /// Nil for one that was asked for.
    public let automatic: AutomaticRefund?
    public let reason: String?
    public let actor: String?
    public let takenSequence: Int64?
    public var returnedSequence: Int64?
    /// How often the gateway was told or asked.
    public var calls: Int
    public var nextAttemptAt: Moment?
    public let requestedAt: Moment
    public var sentAt: Moment?
    public var endedAt: Moment?
    public var failedLateAt: Moment?
    public let request: EventIdentity?

    public init(
        id: Int64 = 0, purchase: Int64, status: RefundStatus = .requested, tokens: Int64, net: Money, tax: Money, total: Money,
        gateway: Gateway, transaction: String, gatewayRefund: String? = nil, automatic: AutomaticRefund? = nil, reason: String? = nil,
        actor: String? = nil, takenSequence: Int64? = nil, returnedSequence: Int64? = nil, calls: Int = 0, nextAttemptAt: Moment? = nil,
        requestedAt: Moment, sentAt: Moment? = nil, endedAt: Moment? = nil, failedLateAt: Moment? = nil, request: EventIdentity? = nil
    ) {
        self.id = id
        self.purchase = purchase
        self.status = status
        self.tokens = tokens
        self.net = net
        self.tax = tax
        self.total = total
        self.gateway = gateway
        self.transaction = transaction
        self.gatewayRefund = gatewayRefund
        self.automatic = automatic
        self.reason = reason
        self.actor = actor
        self.takenSequence = takenSequence
        self.returnedSequence = returnedSequence
        self.calls = calls
        self.nextAttemptAt = nextAttemptAt
        self.requestedAt = requestedAt
        self.sentAt = sentAt
        self.endedAt = endedAt
        self.failedLateAt = failedLateAt
        self.request = request
    }
}

/// The tables `purchase_refunds` and `purchase_taken_parts`, protected by the lock on the purchase's wallet.
public enum PurchaseRefunds {
    /// Whose a refund is, so that the wallet can be locked.
    /// - Throws: the database's error; calling again is harmless.
    public static func owner(of refund: Int64, on connection: DatabaseConnection) throws(DatabaseError) -> Purchases.Owner? {
        var parameters = Parameters()
        parameters.add(int64: refund)
        let rows = try connection.query(PurchaseRefundStatements.owner, parameters)
        return rows.isEmpty ? nil : Purchases.Owner(purchase: rows.int64(0, 0), organization: rows.text(0, 1))
    }

    /// The request that reads the refunds of a purchase, oldest first; read its rows with `found(in:)`.
    public static func loading(purchase: Int64) -> Request {
        var parameters = Parameters()
        parameters.add(int64: purchase)
        return Request(PurchaseRefundStatements.load, parameters)
    }

    /// Reads the rows of `loading`.
    public static func found(in rows: Rows) -> [StoredRefund] {
        (0..<rows.count).map { refund(rows, $0) }
    }

    private static func refund(_ rows: Rows, _ row: Int) -> StoredRefund {
        let currency = PurchaseRows.word(rows.text(row, 7)) { Currency($0) }
        var request: EventIdentity?
        if let source = rows.textOrNil(row, 22), let id = rows.textOrNil(row, 23) { request = EventIdentity(source: source, id: id) }
        return StoredRefund(
            id: rows.int64(row, 0), purchase: rows.int64(row, 1),
            status: PurchaseRows.word(rows.text(row, 2)) { RefundStatus(rawValue: $0) }, tokens: rows.int64(row, 3),
            net: PurchaseRows.money(rows, row, 4, currency), tax: PurchaseRows.money(rows, row, 5, currency),
            total: PurchaseRows.money(rows, row, 6, currency), gateway: PurchaseRows.word(rows.text(row, 8)) { Gateway(rawValue: $0) },
            transaction: rows.text(row, 9), gatewayRefund: rows.textOrNil(row, 10),
            automatic: PurchaseRows.optionalWord(rows.textOrNil(row, 11)) { AutomaticRefund(rawValue: $0) },
            reason: rows.textOrNil(row, 12), actor: rows.textOrNil(row, 13), takenSequence: rows.int64OrNil(row, 14),
            returnedSequence: rows.int64OrNil(row, 15), calls: Int(rows.int64(row, 16)),
            nextAttemptAt: PurchaseRows.moment(rows, row, 17), requestedAt: Moment(microseconds: rows.timestamp(row, 18)),
            sentAt: PurchaseRows.moment(rows, row, 19), endedAt: PurchaseRows.moment(rows, row, 20),
            failedLateAt: PurchaseRows.moment(rows, row, 21), request: request)
    }

    /// The request that inserts a refund as `requested`; its one row is the id.
    public static func inserting(_ new: StoredRefund) -> Request {
        var parameters = Parameters()
        parameters.add(int64: new.purchase)
        parameters.add(int64: new.tokens)
        parameters.add(text: new.net.text)
        parameters.add(text: new.tax.text)
        parameters.add(text: new.total.text)
        parameters.add(text: new.total.currency.code)
        parameters.add(text: new.gateway.rawValue)
        parameters.add(text: new.transaction)
        parameters.add(textOrNil: new.automatic?.rawValue)
        parameters.add(textOrNil: new.reason)
        parameters.add(textOrNil: new.actor)
        parameters.add(int64OrNil: new.takenSequence)
        parameters.add(timestampOrNil: new.nextAttemptAt?.microseconds)
        parameters.add(timestamp: new.requestedAt.microseconds)
        parameters.add(textOrNil: new.request?.source)
        parameters.add(textOrNil: new.request?.id)
        return Request(PurchaseRefundStatements.insert, parameters)
    }

    /// The request that stores where a refund stands.
    public static func storing(_ refund: StoredRefund) -> Request {
        var parameters = Parameters()
        parameters.add(int64: refund.id)
        parameters.add(text: refund.status.rawValue)
        parameters.add(textOrNil: refund.gatewayRefund)
        parameters.add(int64OrNil: refund.returnedSequence)
        parameters.add(int64: Int64(refund.calls))
        parameters.add(timestampOrNil: refund.nextAttemptAt?.microseconds)
        parameters.add(timestampOrNil: refund.sentAt?.microseconds)
        parameters.add(timestampOrNil: refund.endedAt?.microseconds)
        parameters.add(timestampOrNil: refund.failedLateAt?.microseconds)
        return Request(PurchaseRefundStatements.update, parameters)
    }

    /// Who took tokens.
    public enum Taker: Hashable, Sendable {
        case refund(Int64)
        case dispute(Int64)
    }

    /// The request that stores what was taken.
    public static func storing(_ taken: TakenTokens, by taker: Taker) -> Request {
        var parameters = Parameters()
        switch taker {
        case .refund(let id):
            parameters.add(int64OrNil: id)
            parameters.add(int64OrNil: nil)
        case .dispute(let id):
            parameters.add(int64OrNil: nil)
            parameters.add(int64OrNil: id)
        }
        parameters.add(int64s: taken.parts.map(\.lot))
        parameters.add(int64s: taken.parts.map(\.tokens))
        parameters.add(texts: taken.parts.map(\.net.text))
        parameters.add(texts: taken.parts.map(\.tax.text))
        parameters.add(int16s: taken.parts.map(\.priority))
        parameters.add(int64sOrNil: taken.parts.map { $0.lifeLeft?.microseconds })
        return Request(PurchaseRefundStatements.storeParts, parameters)
    }

    /// The request that reads what was taken; read its rows with `taken(in:)`.
    public static func loadingParts(of taker: Taker) -> Request {
        var parameters = Parameters()
        switch taker {
        case .refund(let id):
            parameters.add(int64: id)
            return Request(PurchaseRefundStatements.refundParts, parameters)
        case .dispute(let id):
            parameters.add(int64: id)
            return Request(PurchaseRefundStatements.disputeParts, parameters)
        }
    }

    /// Reads the rows of `loadingParts`; nil when nothing was taken.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public static func taken(
        in rows: Rows, of reference: PurchaseReference, _ currency: Currency
    ) throws(AmountError) -> TakenTokens? {
        guard !rows.isEmpty else { return nil }
        var parts: [TakenPart] = []
        for row in 0..<rows.count {
            var life: Span?
            if let microseconds = rows.int64OrNil(row, 5) { life = Span(microseconds: microseconds) }
            parts.append(
                TakenPart(
                    lot: rows.int64(row, 0), tokens: rows.int64(row, 1), net: PurchaseRows.money(rows, row, 2, currency),
                    tax: PurchaseRows.money(rows, row, 3, currency), priority: Int16(clamping: rows.int64(row, 4)), lifeLeft: life))
        }
        return try TakenTokens(reference: reference, parts: parts, currency)
    }

    /// Refunds with something to do at a moment, by id.
    /// - Parameter after: the last id of the page before; 0 to begin.
    public static func due(at moment: Moment, after: Int64, limit: Int64) -> Request {
        var parameters = Parameters()
        parameters.add(timestamp: moment.microseconds)
        parameters.add(int64: after)
        parameters.add(int64: limit)
        return Request(PurchaseRefundStatements.due, parameters)
    }
}

enum PurchaseRefundStatements {
    static let owner = Statement(
        "refund_owner",
        "SELECT p.id, p.organization_id FROM purchase_refunds r JOIN token_purchases p ON p.id = r.purchase_id WHERE r.id = $1")

    static let load = Statement(
        "refunds_load",
        """
        SELECT id, purchase_id, status, tokens, net_amount::text, tax_amount::text, total_amount::text, currency, gateway,
               gateway_transaction_id, gateway_refund_id, automatic_reason, reason, actor, taken_sequence, returned_sequence, calls,
               next_attempt_at, requested_at, sent_at, ended_at, failed_late_at, request_source, request_id
        FROM purchase_refunds WHERE purchase_id = $1 ORDER BY id
        """)

    static let insert = Statement(
        "refund_insert",
        """
        INSERT INTO purchase_refunds (purchase_id, tokens, net_amount, tax_amount, total_amount, currency, gateway, gateway_transaction_id,
            automatic_reason, reason, actor, taken_sequence, next_attempt_at, requested_at, request_source, request_id)
        VALUES ($1, $2, $3::numeric, $4::numeric, $5::numeric, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        RETURNING id
        """)

    static let update = Statement(
        "refund_update",
        """
        UPDATE purchase_refunds
        SET status = $2, gateway_refund_id = $3, returned_sequence = $4, calls = $5, next_attempt_at = $6, sent_at = $7, ended_at = $8,
            failed_late_at = $9
        WHERE id = $1
        """)

    static let storeParts = Statement(
        "taken_parts_store",
        """
        INSERT INTO purchase_taken_parts (refund_id, dispute_id, lot_id, tokens, net_amount, tax_amount, priority, life_left_microseconds)
        SELECT $1, $2, lot_id, tokens, net::numeric, tax::numeric, priority, life
        FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::smallint[], $8::bigint[])
            AS u (lot_id, tokens, net, tax, priority, life)
        """)

    static let refundParts = Statement(
        "taken_parts_of_refund",
        """
        SELECT lot_id, tokens, net_amount::text, tax_amount::text, priority::bigint, life_left_microseconds
        FROM purchase_taken_parts WHERE refund_id = $1 ORDER BY id
        """)

    static let disputeParts = Statement(
        "taken_parts_of_dispute",
        """
        SELECT lot_id, tokens, net_amount::text, tax_amount::text, priority::bigint, life_left_microseconds
        FROM purchase_taken_parts WHERE dispute_id = $1 ORDER BY id
        """)

    static let due = Statement(
        "refunds_due",
        """
        SELECT id FROM purchase_refunds
        WHERE id > $2 AND status IN ('requested', 'sent') AND next_attempt_at <= $1
        ORDER BY id
        LIMIT $3
        """)
}
