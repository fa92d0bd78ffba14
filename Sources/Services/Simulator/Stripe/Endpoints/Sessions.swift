/// `/v1/checkout/sessions`, and what the hosted page does with one.
enum Sessions {
    static func create(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let parameters = call.parameters
        try PaymentIntents.refuseOldParameters(parameters)
        let mode = try parameters.word("mode", ["payment", "setup", "subscription"]) ?? "payment"
        guard mode != "subscription" else { throw .invalid("mode", "Subscriptions are not sold here.") }
        var session = SessionResource.make(mode: mode, now: state.nowSeconds)
        session["success_url"] = .text(try parameters.required("success_url"))
        for name in ["cancel_url", "client_reference_id", "customer_email", "locale", "submit_type"] {
            session[name] = .maybe(try parameters.text(name))
        }
        if let customer = try Customers.named(parameters, state) {
            session["customer"] = customer["id"]
            session["customer_details"] = details(email: customer["email"], name: customer["name"])
        }
        if let creation = try parameters.word("customer_creation", ["always", "if_required"]) {
            guard session["customer"].isNull else {
                throw .invalid("customer_creation", "You may only specify one of these parameters: customer, customer_creation.")
            }
            session["customer_creation"] = .text(creation)
        }
        if let uiMode = try parameters.word("ui_mode", ["hosted_page", "embedded_page", "form", "elements"]) {
            session["ui_mode"] = .text(uiMode)
        }
        session["metadata"] = try parameters.metadata()
        try takeItems(parameters, mode, into: &session, now: state.nowSeconds)
        try takeExpiry(parameters, into: &session, now: state.nowSeconds)
        let data = try parameters.within(mode == "setup" ? "setup_intent_data" : "payment_intent_data")
        try PaymentIntents.refuseOldParameters(data)
        session["_data"] = [
            "metadata": try data.metadata(), "description": .maybe(try data.text("description")),
            "setup_future_usage": .maybe(try data.word("setup_future_usage", ["off_session", "on_session"])),
            "receipt_email": .maybe(try data.text("receipt_email")),
        ]
        if mode == "setup" { makeSetup(&session, &state) }
        let id = session["id"].text ?? ""
        session["url"] = .text("\(call.publicURL)/_pages/checkout/\(id)")
        state.put(.session, session)
        Due.put("session.expire", id, at: (session["expires_at"].number ?? 0) * 1000, &state)
        return session
    }

    private static func takeItems(
        _ parameters: Parameters, _ mode: String, into session: inout Node, now: Int64
    ) throws(StripeProblem) {
        guard mode == "payment" else {
            session["payment_status"] = "no_payment_required"
            // One of the two decides which ways to pay the page offers.
            guard parameters.has("currency") || parameters.has("allowed_payment_method_types") else { throw .missing("currency") }
            session["currency"] = .maybe(try parameters.text("currency"))
            return
        }
        let given = try parameters.list("line_items")
        guard !given.isEmpty else { throw .missing("line_items") }
        var items: [Node] = []
        var total: Int64 = 0
        var currency = ""
        for item in given {
            let price = try item.within("price_data")
            guard !price.root.fields.isEmpty else { throw .missing(item.path("price_data")) }
            let itemCurrency = try Amounts.currency(price)
            guard currency.isEmpty || currency == itemCurrency else {
                throw .invalid(price.path("currency"), "All line items must have the same currency.")
            }
            currency = itemCurrency
            guard let unit = try price.integer("unit_amount") else { throw .missing(price.path("unit_amount")) }
            let quantity = try item.integer("quantity") ?? 1
            guard unit >= 0, quantity >= 1, case let (sum, overflow) = unit.multipliedReportingOverflow(by: quantity), !overflow,
                case let (next, overflowAgain) = total.addingReportingOverflow(sum), !overflowAgain
            else {
                throw .invalid(item.path("quantity"), "This value must be greater than or equal to 1.", code: "parameter_invalid_integer")
            }
            total = next
            let name = try price.within("product_data").required("name")
            items.append(SessionResource.item(name: name, unitAmount: unit, quantity: quantity, currency: currency, now: now))
        }
        try Amounts.check(total, currency, param: "line_items")
        session["_items"] = .list(items)
        session["amount_subtotal"] = .number(total)
        session["amount_total"] = .number(total)
        session["currency"] = .text(currency)
    }

    private static func takeExpiry(_ parameters: Parameters, into session: inout Node, now: Int64) throws(StripeProblem) {
        guard let moment = try parameters.integer("expires_at") else { return }
        // A few seconds of grace: the caller's clock read the time before ours did.
        guard (now + 1790...now + 86_410).contains(moment) else {
            throw .invalid(
                "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.")
        }
        session["expires_at"] = .number(moment)
    }

    private static func makeSetup(_ session: inout Node, _ state: inout BookState) {
        var intent = PaymentIntentResource.makeSetup(now: state.nowSeconds)
        intent["customer"] = session["customer"]
        intent["metadata"] = session["_data"]["metadata"]
        state.put(.setupIntent, intent)
        session["setup_intent"] = intent["id"]
    }

    static func details(email: Node, name: Node) -> Node {
        [
            "address": CustomerResource.noAddress, "business_name": nil, "email": email, "individual_name": nil, "name": name,
            "phone": nil, "tax_exempt": "none", "tax_ids": [],
        ]
    }

    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        guard let session = state.find(.session, call.id) else { throw .noSuch("checkout.session", call.id) }
        return session
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let filters = ["payment_intent", "customer", "status"]
        var wanted: [(String, String)] = []
        for name in filters { if let value = try call.parameters.text(name) { wanted.append((name, value)) } }
        return try Pagination.page(.session, "checkout.session", call, state) { session in
            wanted.allSatisfy { session[$0.0].text == $0.1 }
        }
    }

    static func lineItems(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let session = try retrieve(call, &state)
        return try Pagination.page(session["_items"].elements, "item", call)
    }

    static func expire(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let session = try retrieve(call, &state)
        guard session["status"].text == "open" else {
            throw .state(
                nil,
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of "
                    + "\(session["status"].text ?? "").")
        }
        expire(call.id, call, &state)
        return state.find(.session, call.id) ?? session
    }

    /// Ends an open session, on demand or because its time has come.
    static func expire(_ id: String, _ call: StripeCall?, _ state: inout BookState) {
        guard state.find(.session, id)?["status"].text == "open" else { return }
        let changed = state.update(.session, id) {
            $0["status"] = "expired"
            $0["url"] = nil
        }
        state.remove(.due, "session.expire \(id)")
        Announcer.tell("checkout.session.expired", changed, of: call, &state)
    }
}
