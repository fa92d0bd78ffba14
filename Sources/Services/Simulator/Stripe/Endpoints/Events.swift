/// `/v1/events` and `/v1/webhook_endpoints`.
enum Events {
    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        guard let event = state.find(.event, call.id) else { throw .noSuch("event", call.id) }
        return event
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let types = call.parameters.texts("types")
        let type = try call.parameters.text("type")
        guard types.count <= 20 else { throw .invalid("types", "You may pass up to 20 event types.") }
        return try Pagination.page(.event, "event", call, state) { event in
            let found = event["type"].text ?? ""
            return types.isEmpty ? type.map { matches(found, $0) } ?? true : types.contains { matches(found, $0) }
        }
    }

    /// `charge.*` stands for every type that begins like it.
    private static func matches(_ type: String, _ pattern: String) -> Bool {
        pattern == "*" || pattern == type || (pattern.hasSuffix(".*") && type.hasPrefix(pattern.dropLast()))
    }

    static func createEndpoint(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let url = try call.parameters.required("url")
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw .invalid("url", "Invalid URL: An explicit scheme (such as https) must be provided.", code: "url_invalid")
        }
        let events = call.parameters.texts("enabled_events")
        guard !events.isEmpty else { throw .missing("enabled_events") }
        guard state.count(.webhookEndpoint) < 16 else { throw .state(nil, "You have reached the maximum of 16 test webhook endpoints.") }
        var endpoint = EventResource.endpoint(url: url, events: events, now: state.nowSeconds)
        endpoint["description"] = .maybe(try call.parameters.text("description"))
        endpoint["metadata"] = try call.parameters.metadata()
        state.put(.webhookEndpoint, endpoint)
        // Told once, at the creation, and never again.
        endpoint["secret"] = endpoint["_secret"]
        return endpoint
    }

    static func updateEndpoint(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var endpoint = try endpoint(call, &state)
        if let url = try call.parameters.text("url") { endpoint["url"] = .text(url) }
        if let isDisabled = try call.parameters.flag("disabled") { endpoint["status"] = isDisabled ? "disabled" : "enabled" }
        if call.parameters.has("enabled_events") {
            endpoint["enabled_events"] = .list(call.parameters.texts("enabled_events").map { .text($0) })
        }
        endpoint["metadata"] = try call.parameters.metadata(over: endpoint["metadata"])
        state.put(.webhookEndpoint, endpoint)
        return endpoint
    }

    static func endpoint(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        guard let endpoint = state.find(.webhookEndpoint, call.id) else { throw .noSuch("webhook_endpoint", call.id) }
        return endpoint
    }

    static func endpoints(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try Pagination.page(.webhookEndpoint, "webhook_endpoint", call, state)
    }

    static func deleteEndpoint(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        _ = try endpoint(call, &state)
        state.remove(.webhookEndpoint, call.id)
        return ["id": .text(call.id), "object": "webhook_endpoint", "deleted": true]
    }
}
