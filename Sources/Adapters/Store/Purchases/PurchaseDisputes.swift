public import Domain
public import Postgres

/// A dispute as its row says.
public struct StoredDispute: Sendable {
    /// 0 until it is inserted.
    public var id: Int64
    public let purchase: Int64
    public let gateway: Gateway
    public let gatewayDispute: String
    public var dispute: Dispute
    public let reason: String?
    public var takenSequence: Int64?
    public var returnedSequence: Int64?
    public let openedAt: Moment
    public var withdrawnAt: Moment?
    public var endedAt: Moment?

    public init(
        id: Int64 = 0, purchase: Int64, gateway: Gateway, gatewayDispute: String, dispute: Dispute, reason: String? = nil,
        takenSequence: Int64? = nil, returnedSequence: Int64? = nil, openedAt: Moment, withdrawnAt: Moment? = nil, endedAt: Moment? = nil
    ) {
        self.id = id
        self.purchase = purchase
        self.gateway = gateway
        self.gatewayDispute = gatewayDispute
        self.dispute = dispute
        self.reason = reason
        self.takenSequence = takenSequence
        self.returnedSequence = returnedSequence
        self.openedAt = openedAt
        self.withdrawnAt = withdrawnAt
        self.endedAt = endedAt
    }
}

/// The table `purchase_disputes`, protected by the lock on the purchase's wallet.
public enum PurchaseDisputes {
    /// The request that finds a dispute by the gateway's id; read its rows with `found(in:)`.
    public static func finding(_ gatewayDispute: String, _ gateway: Gateway) -> Request {
        var parameters = Parameters()
        parameters.add(text: gateway.rawValue)
        parameters.add(text: gatewayDispute)
        return Request(DisputeStatements.find, parameters)
    }

    /// Reads the row of `finding`.
    public static func found(in rows: Rows) -> StoredDispute? {
        all(in: rows).first
    }

    /// Reads rows with the columns of `finding`.
    static func all(in rows: Rows) -> [StoredDispute] {
        (0..<rows.count).map { row in
            let currency = PurchaseRows.word(rows.text(row, 6)) { Currency($0) }
            let status = PurchaseRows.word(rows.text(row, 4)) { DisputeStatus(rawValue: $0) }
            return StoredDispute(
                id: rows.int64(row, 0), purchase: rows.int64(row, 1),
                gateway: PurchaseRows.word(rows.text(row, 2)) { Gateway(rawValue: $0) }, gatewayDispute: rows.text(row, 3),
                dispute: Dispute(amount: PurchaseRows.money(rows, row, 5, currency), status: status), reason: rows.textOrNil(row, 7),
                takenSequence: rows.int64OrNil(row, 8), returnedSequence: rows.int64OrNil(row, 9),
                openedAt: Moment(microseconds: rows.timestamp(row, 10)), withdrawnAt: PurchaseRows.moment(rows, row, 11),
                endedAt: PurchaseRows.moment(rows, row, 12))
        }
    }

    /// The request that inserts a dispute as an inquiry; its one row is the id.
    public static func inserting(_ new: StoredDispute) -> Request {
        var parameters = Parameters()
        parameters.add(int64: new.purchase)
        parameters.add(text: new.gateway.rawValue)
        parameters.add(text: new.gatewayDispute)
        parameters.add(text: new.dispute.amount.text)
        parameters.add(text: new.dispute.amount.currency.code)
        parameters.add(textOrNil: new.reason)
        parameters.add(timestamp: new.openedAt.microseconds)
        return Request(DisputeStatements.insert, parameters)
    }

    /// The request that stores where a dispute stands.
    public static func storing(_ dispute: StoredDispute) -> Request {
        var parameters = Parameters()
        parameters.add(int64: dispute.id)
        parameters.add(text: dispute.dispute.status.rawValue)
        parameters.add(int64OrNil: dispute.takenSequence)
        parameters.add(int64OrNil: dispute.returnedSequence)
        parameters.add(timestampOrNil: dispute.withdrawnAt?.microseconds)
        parameters.add(timestampOrNil: dispute.endedAt?.microseconds)
        return Request(DisputeStatements.update, parameters)
    }
}

enum DisputeStatements {
    static let find = Statement(
        "dispute_find",
        """
        SELECT id, purchase_id, gateway, gateway_dispute_id, status, amount::text, currency, reason, taken_sequence, returned_sequence,
               opened_at, withdrawn_at, ended_at
        FROM purchase_disputes WHERE gateway = $1 AND gateway_dispute_id = $2
        """)

    static let insert = Statement(
        "dispute_insert",
        """
        INSERT INTO purchase_disputes (purchase_id, gateway, gateway_dispute_id, amount, currency, reason, opened_at)
        VALUES ($1, $2, $3, $4::numeric, $5, $6, $7)
        RETURNING id
        """)

    static let update = Statement(
        "dispute_update",
        """
        UPDATE purchase_disputes SET status = $2, taken_sequence = $3, returned_sequence = $4, withdrawn_at = $5, ended_at = $6
        WHERE id = $1
        """)
}
