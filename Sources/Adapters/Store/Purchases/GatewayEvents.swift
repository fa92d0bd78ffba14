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
}
