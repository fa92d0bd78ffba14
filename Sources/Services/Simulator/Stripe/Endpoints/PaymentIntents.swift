/// `/v1/payment_intents`.
enum PaymentIntents {
    static func create(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let parameters = call.parameters
        try refuseOldParameters(parameters)
        guard let amount = try parameters.integer("amount") else { throw .missing("amount") }
        let currency = try Amounts.currency(parameters)
        try Amounts.check(amount, currency)
        let confirms = try parameters.flag("confirm") ?? false
        guard confirms || !parameters.has("off_session") else {
            throw .invalid("off_session", "You can only set `off_session` if `confirm` is set to true.")
        }
        let terms = try terms(parameters)
        var intent = PaymentIntentResource.make(amount: amount, currency: currency, now: state.nowSeconds)
        if let customer = try Customers.named(parameters, state) { intent["customer"] = customer["id"] }
        try fill(&intent, parameters)
        try take(parameters, into: &intent, &state)
        if confirms, intent["payment_method"].isNull { throw noMethod }
        if !intent["payment_method"].isNull { intent["status"] = "requires_confirmation" }
        state.put(.paymentIntent, intent)
        Announcer.tell("payment_intent.created", intent, of: call, &state)
        return confirms ? try Charging.confirm(intent["id"].text ?? "", terms, call, &state) : intent
    }

    private static let noMethod = StripeProblem.invalid(
        "payment_method",
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a "
            + "payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
        code: "payment_intent_unexpected_state")

    /// Gone since 2026-09-30.endive (payment-facts.md 1.5).
    static func refuseOldParameters(_ parameters: Parameters) throws(StripeProblem) {
        guard !parameters.has("payment_method_types") else {
            throw .invalid(
                "payment_method_types", "The `payment_method_types` parameter is no longer supported in this API version.",
                code: "payment_method_types_no_longer_supported")
        }
    }

    private static func terms(_ parameters: Parameters) throws(StripeProblem) -> Charging.Terms {
        var terms = Charging.Terms()
        switch try parameters.text("off_session") {
        case nil, "false": break
        case "true", "one_off", "recurring": terms.isOffSession = true
        case .some: throw .invalid("off_session", "Invalid off_session: must be one of true, false, one_off, or recurring")
        }
        terms.refusesAction = try parameters.flag("error_on_requires_action") ?? false
        terms.returnURL = try parameters.text("return_url")
        return terms
    }

    private static func fill(_ intent: inout Node, _ parameters: Parameters) throws(StripeProblem) {
        for name in ["description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix", "transfer_group"]
        where parameters.has(name) {
            intent[name] = .maybe(try parameters.text(name))
        }
        if parameters.has("setup_future_usage") {
            intent["setup_future_usage"] = .maybe(try parameters.word("setup_future_usage", ["off_session", "on_session"]))
        }
        if let method = try parameters.word("capture_method", ["automatic", "automatic_async", "manual"]) {
            intent["capture_method"] = .text(method)
        }
        if let method = try parameters.word("confirmation_method", ["automatic", "manual"]) {
            intent["confirmation_method"] = .text(method)
        }
        let automatic = try parameters.within("automatic_payment_methods")
        if let enabled = try automatic.flag("enabled") {
            let redirects = try automatic.word("allow_redirects", ["always", "never"])
            intent["automatic_payment_methods"] = ["allow_redirects": .text(redirects ?? "always"), "enabled": .bool(enabled)]
        }
        intent["metadata"] = try parameters.metadata(over: intent["metadata"])
    }

    /// The payment method of a request, checked against the customer.
    private static func take(_ parameters: Parameters, into intent: inout Node, _ state: inout BookState) throws(StripeProblem) {
        guard let named = try parameters.text("payment_method") else { return }
        let method = try PaymentMethods.resolve(named, param: "payment_method", &state)
        if method["_detached"].flag == true { throw PaymentMethods.usedUp }
        if let owner = method["customer"].text, owner != intent["customer"].text {
            throw .state(
                nil,
                intent["customer"].isNull
                    ? "The PaymentMethod \(named) belongs to a Customer. Please include the Customer in the `customer` parameter on the "
                        + "PaymentIntent."
                    : "The PaymentMethod \(named) does not belong to the Customer you supplied.")
        }
        intent["payment_method"] = method["id"]
    }

    static func confirm(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var intent = try find(call.id, state)
        try refuseOldParameters(call.parameters)
        let status = intent["status"].text ?? ""
        guard ["requires_payment_method", "requires_confirmation", "requires_action"].contains(status) else {
            throw unexpected(
                intent,
                status == "succeeded"
                    ? "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
                    : "You cannot confirm this PaymentIntent because it has a status of \(status).")
        }
        let terms = try terms(call.parameters)
        if let usage = try call.parameters.word("setup_future_usage", ["off_session", "on_session"]) {
            intent["setup_future_usage"] = .text(usage)
        }
        try take(call.parameters, into: &intent, &state)
        if intent["payment_method"].isNull { throw noMethod }
        state.put(.paymentIntent, intent)
        return try Charging.confirm(call.id, terms, call, &state)
    }

    static func update(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var intent = try find(call.id, state)
        let status = intent["status"].text ?? ""
        let changesMoney = ["amount", "currency", "payment_method", "customer"].contains { call.parameters.has($0) }
        guard !changesMoney || ["requires_payment_method", "requires_confirmation", "requires_action"].contains(status) else {
            throw unexpected(intent, "This PaymentIntent could not be updated because it has a status of \(status).")
        }
        if call.parameters.has("currency") { intent["currency"] = .text(try Amounts.currency(call.parameters)) }
        if let amount = try call.parameters.integer("amount") {
            try Amounts.check(amount, intent["currency"].text ?? "usd")
            intent["amount"] = .number(amount)
        }
        if let customer = try Customers.named(call.parameters, state) { intent["customer"] = customer["id"] }
        try fill(&intent, call.parameters)
        try take(call.parameters, into: &intent, &state)
        if status == "requires_payment_method", !intent["payment_method"].isNull { intent["status"] = "requires_confirmation" }
        state.put(.paymentIntent, intent)
        return intent
    }

    static func capture(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let intent = try find(call.id, state)
        guard intent["status"].text == "requires_capture" else {
            throw unexpected(
                intent,
                "This PaymentIntent could not be captured because it has a status of \(intent["status"].text ?? ""). Only a PaymentIntent with "
                    + "one of the following statuses may be captured: requires_capture.")
        }
        let most = intent["amount_capturable"].number ?? 0
        let amount = try call.parameters.integer("amount_to_capture") ?? most
        guard (1...max(1, most)).contains(amount) else {
            throw .invalid("amount_to_capture", "The amount to capture must be at most the amount that can be captured (\(most)).")
        }
        let charge = state.update(.charge, intent["latest_charge"].text ?? "") {
            $0["captured"] = true
            $0["amount_captured"] = .number(amount)
        }
        let entry = Charging.post(charge, amount, "charge", &state)
        state.update(.charge, charge["id"].text ?? "") { $0["balance_transaction"] = entry }
        let changed = state.update(.paymentIntent, call.id) {
            $0["status"] = "succeeded"
            $0["amount_capturable"] = 0
            $0["amount_received"] = .number(amount)
        }
        Announcer.tell("charge.captured", charge, of: call, &state)
        Announcer.tell("payment_intent.succeeded", changed, of: call, &state)
        return changed
    }

    static func cancel(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let intent = try find(call.id, state)
        let status = intent["status"].text ?? ""
        guard !["succeeded", "canceled"].contains(status) else {
            throw unexpected(
                intent,
                "You cannot cancel this PaymentIntent because it has a status of \(status). Only a PaymentIntent with one of the following "
                    + "statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing."
            )
        }
        let words = ["abandoned", "duplicate", "fraudulent", "requested_by_customer"]
        let reason = try call.parameters.word("cancellation_reason", words)
        let now = state.nowSeconds
        let changed = state.update(.paymentIntent, call.id) {
            $0["status"] = "canceled"
            $0["canceled_at"] = .number(now)
            $0["cancellation_reason"] = .maybe(reason)
            $0["amount_capturable"] = 0
            $0["next_action"] = nil
        }
        Announcer.tell("payment_intent.canceled", changed, of: call, &state)
        return changed
    }

    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try find(call.id, state)
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let customer = try call.parameters.text("customer")
        return try Pagination.page(.paymentIntent, "payment_intent", call, state) { customer == nil || $0["customer"].text == customer }
    }

    static func search(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try Searches.search(.paymentIntent, call, state)
    }

    static func find(_ id: String, _ state: BookState) throws(StripeProblem) -> Node {
        guard let intent = state.find(.paymentIntent, id) else { throw .noSuch("payment_intent", id) }
        return intent
    }

    private static func unexpected(_ intent: Node, _ message: String) -> StripeProblem {
        var problem = StripeProblem.state("payment_intent_unexpected_state", message)
        problem.body["payment_intent"] = intent.shown
        return problem
    }
}

/// `/search` below a kind.
enum Searches {
    static func search(_ kind: Kind, _ call: StripeCall, _ state: BookState) throws(StripeProblem) -> Node {
        let query = try SearchQuery(try call.parameters.required("query"))
        let limit = try Pagination.limit(call.parameters)
        var start = 0
        if let page = try call.parameters.text("page") {
            guard let place = Int(page), place >= 0 else { throw .invalid("page", "Invalid page: \(page)") }
            start = place
        }
        let found = state.all(kind).filter { query.matches($0) }
        let part = found.dropFirst(start).prefix(limit)
        let next = start + part.count
        return [
            "object": "search_result", "data": .list(part.map(\.shown)), "has_more": .bool(next < found.count),
            "next_page": next < found.count ? .text(String(next)) : .null, "url": .text(call.path),
        ]
    }
}
