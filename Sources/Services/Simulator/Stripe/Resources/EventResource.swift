/// Stripe's `event` and `webhook_endpoint`, complete.
enum EventResource {
    static func make(type: String, object: Node, previous: Node, requestID: String?, key: String?, now: Int64) -> Node {
        var data: Node = ["object": object.shown]
        if !previous.isNull { data["previous_attributes"] = previous }
        return [
            "id": .text(Identifiers.stripe("evt")), "object": "event", "api_version": .text(StripeCall.defaultVersion),
            "created": .number(now), "data": data, "livemode": false, "pending_webhooks": 1,
            "request": ["id": .maybe(requestID), "idempotency_key": .maybe(key)], "type": .text(type),
        ]
    }

    static func endpoint(url: String, events: [String], now: Int64) -> Node {
        [
            "id": .text(Identifiers.stripe("we")), "object": "webhook_endpoint", "api_version": nil, "application": nil,
            "created": .number(now), "description": nil, "enabled_events": .list(events.map { .text($0) }), "livemode": false,
            "metadata": [:], "status": "enabled", "url": .text(url), "_secret": .text("whsec_" + Identifiers.random(32)),
        ]
    }
}
