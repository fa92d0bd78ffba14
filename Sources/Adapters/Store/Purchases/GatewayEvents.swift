public import Domain
public import Postgres

/// What came of a webhook; the words are those of `gateway_events.outcome`.
public enum GatewayEventOutcome: String, Sendable, CaseIterable {
    case received
    case done
    /// Of a type that nobody here needs.
    case ignored
    /// About nothing that is ours.
    case unmatched
}

/// A webhook as its row says, without its body.
public struct StoredGatewayEvent: Sendable {
    public let gateway: Gateway
    public let id: String
    public let type: String
    public let object: String?
    public let receivedAt: Moment
    /// How often it came.
    public let deliveries: Int64
    public let outcome: GatewayEventOutcome
    public let detail: String?
    /// The purchase that it was found to be about.
    public let purchase: String?
    public let processedAt: Moment?
}

/// The table `gateway_events`: every webhook once, with how often it came and what came of it.
public enum GatewayEvents {
    /// The request that notes that an event came; its one row is what came of it so far. Two copies at once wait for one another.
    public static func receiving(
        _ gateway: Gateway, id: String, type: String, object: String?, body: [UInt8], at moment: Moment
    ) -> Request {
        var parameters = Parameters()
        parameters.add(text: gateway.rawValue)
        parameters.add(text: id)
        parameters.add(text: type)
        parameters.add(textOrNil: object)
        parameters.add(bytes: body)
        parameters.add(timestamp: moment.microseconds)
        return Request(GatewayEventStatements.receive, parameters)
    }

    /// The request that locks an event that came before; its one row is what came of it so far.
    public static func finding(_ gateway: Gateway, id: String) -> Request {
        var parameters = Parameters()
        parameters.add(text: gateway.rawValue)
        parameters.add(text: id)
        return Request(GatewayEventStatements.find, parameters)
    }

    /// Reads the row of `receiving` and of `finding`.
    public static func outcome(in rows: Rows) -> GatewayEventOutcome {
        PurchaseRows.word(rows.text(0, 0)) { GatewayEventOutcome(rawValue: $0) }
    }

    /// The request that stores what came of an event.
    public static func ending(
        _ gateway: Gateway, id: String, _ outcome: GatewayEventOutcome, detail: String?, purchase: PurchaseReference?, at moment: Moment
    ) -> Request {
        var parameters = Parameters()
        parameters.add(text: gateway.rawValue)
        parameters.add(text: id)
        parameters.add(text: outcome.rawValue)
        parameters.add(textOrNil: detail)
        parameters.add(textOrNil: purchase?.text)
        parameters.add(timestamp: moment.microseconds)
        return Request(GatewayEventStatements.end, parameters)
    }

    /// Webhooks for people, the newest first: all, or those of a gateway and an outcome.
    /// - Throws: the database's error; calling again is harmless.
    public static func list(
        gateway: Gateway? = nil, outcome: GatewayEventOutcome? = nil, limit: Int64, on connection: DatabaseConnection
    ) throws(DatabaseError) -> [StoredGatewayEvent] {
        var parameters = Parameters()
        parameters.add(textOrNil: gateway?.rawValue)
        parameters.add(textOrNil: outcome?.rawValue)
        parameters.add(int64: limit)
        return all(in: try connection.query(GatewayEventStatements.list, parameters))
    }

    /// Reads rows with the columns of `GatewayEventStatements.list`.
    static func all(in rows: Rows) -> [StoredGatewayEvent] {
        (0..<rows.count).map { row in
            StoredGatewayEvent(
                gateway: PurchaseRows.word(rows.text(row, 0)) { Gateway(rawValue: $0) }, id: rows.text(row, 1), type: rows.text(row, 2),
                object: rows.textOrNil(row, 3), receivedAt: Moment(microseconds: rows.timestamp(row, 4)), deliveries: rows.int64(row, 5),
                outcome: PurchaseRows.word(rows.text(row, 6)) { GatewayEventOutcome(rawValue: $0) }, detail: rows.textOrNil(row, 7),
                purchase: rows.textOrNil(row, 8), processedAt: PurchaseRows.moment(rows, row, 9))
        }
    }
}

enum GatewayEventStatements {
    static let receive = Statement(
        "gateway_event_receive",
        """
        INSERT INTO gateway_events (gateway, event_id, type, object_id, body, received_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (gateway, event_id) DO UPDATE SET deliveries = gateway_events.deliveries + 1
        RETURNING outcome
        """)

    static let find = Statement(
        "gateway_event_find", "SELECT outcome FROM gateway_events WHERE gateway = $1 AND event_id = $2 FOR UPDATE")

    static let end = Statement(
        "gateway_event_end",
        """
        UPDATE gateway_events SET outcome = $3, detail = $4, purchase_reference_id = $5, processed_at = $6
        WHERE gateway = $1 AND event_id = $2
        """)

    /// By the index on the moment of arrival, read backwards.
    static let list = Statement(
        "gateway_events_list",
        """
        SELECT gateway, event_id, type, object_id, received_at, deliveries, outcome, detail, purchase_reference_id, processed_at
        FROM gateway_events
        WHERE ($1::text IS NULL OR gateway = $1) AND ($2::text IS NULL OR outcome = $2)
        ORDER BY received_at DESC, gateway, event_id
        LIMIT $3
        """)
}
