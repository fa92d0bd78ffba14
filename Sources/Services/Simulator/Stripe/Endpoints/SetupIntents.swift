/// `/v1/setup_intents`: a card is made ready for charges without the customer.
enum SetupIntents {
    static func create(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let parameters = call.parameters
        try PaymentIntents.refuseOldParameters(parameters)
        var intent = PaymentIntentResource.makeSetup(now: state.nowSeconds)
        if let customer = try Customers.named(parameters, state) { intent["customer"] = customer["id"] }
        intent["description"] = .maybe(try parameters.text("description"))
        intent["metadata"] = try parameters.metadata()
        if let usage = try parameters.word("usage", ["off_session", "on_session"]) { intent["usage"] = .text(usage) }
        if let enabled = try parameters.within("automatic_payment_methods").flag("enabled") {
            intent["automatic_payment_methods"] = ["allow_redirects": "always", "enabled": .bool(enabled)]
        }
        if let named = try parameters.text("payment_method") {
            intent["payment_method"] = try PaymentMethods.resolve(named, param: "payment_method", &state)["id"]
            intent["status"] = "requires_confirmation"
        }
        let confirms = try parameters.flag("confirm") ?? false
        if confirms, intent["payment_method"].isNull { throw noMethod }
        state.put(.setupIntent, intent)
        Announcer.tell("setup_intent.created", intent, of: call, &state)
        return confirms ? try finish(intent, try parameters.text("return_url"), call, &state) : intent
    }

    private static let noMethod = StripeProblem.invalid(
        "payment_method", "You cannot confirm this SetupIntent because it's missing a payment method.",
        code: "setup_intent_unexpected_state")

    static func confirm(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var intent = try find(call.id, state)
        let status = intent["status"].text ?? ""
        guard ["requires_payment_method", "requires_confirmation", "requires_action"].contains(status) else {
            throw .state("setup_intent_unexpected_state", "You cannot confirm this SetupIntent because it has a status of \(status).")
        }
        if let named = try call.parameters.text("payment_method") {
            intent["payment_method"] = try PaymentMethods.resolve(named, param: "payment_method", &state)["id"]
        }
        if intent["payment_method"].isNull { throw noMethod }
        return try finish(intent, try call.parameters.text("return_url"), call, &state)
    }

    private static func finish(
        _ intent: Node, _ returnURL: String?, _ call: StripeCall, _ state: inout BookState
    ) throws(StripeProblem) -> Node {
        let id = intent["id"].text ?? ""
        let method = intent["payment_method"].text.flatMap { state.find(.paymentMethod, $0) } ?? [:]
        let test = PaymentMethodResource.testMethod(of: method)
        if case .declines(let decline) = test.charge, !test.canBeAttached { throw fail(intent, method, decline, call, &state) }
        if case .needsCustomer = test.charge {
            return state.update(.setupIntent, id) {
                $0 = intent
                $0["status"] = "requires_action"
                $0["next_action"] = [
                    "redirect_to_url": [
                        "return_url": .maybe(returnURL), "url": .text("\(call.publicURL)/_pages/authenticate/\(id)"),
                    ],
                    "type": "redirect_to_url",
                ]
                $0["_return_url"] = .maybe(returnURL)
            }
        }
        return succeed(intent, call, &state)
    }

    /// The card is ready, with whatever proof was needed.
    static func succeed(_ intent: Node, _ call: StripeCall, _ state: inout BookState) -> Node {
        if let method = intent["payment_method"].text {
            state.update(.paymentMethod, method) {
                if !intent["customer"].isNull { $0["customer"] = intent["customer"] }
                $0["_set_up"] = true
            }
        }
        let changed = state.update(.setupIntent, intent["id"].text ?? "") {
            $0 = intent
            $0["status"] = "succeeded"
            $0["next_action"] = nil
            $0["latest_attempt"] = .text(Identifiers.stripe("setatt"))
        }
        Announcer.tell("setup_intent.succeeded", changed, of: call, &state)
        return changed
    }

    private static func fail(
        _ intent: Node, _ method: Node, _ decline: Decline, _ call: StripeCall, _ state: inout BookState
    ) -> StripeProblem {
        var problem = StripeProblem(402, type: "card_error", code: decline.errorCode, decline.message)
        problem.isStored = true
        if let code = decline.declineCode { problem.body["decline_code"] = .text(code) }
        if let advice = decline.advice { problem.body["advice_code"] = .text(advice) }
        problem.body["payment_method"] = method.shown
        let error = problem.body
        let changed = state.update(.setupIntent, intent["id"].text ?? "") {
            $0 = intent
            $0["status"] = "requires_payment_method"
            $0["payment_method"] = nil
            $0["last_setup_error"] = error
        }
        problem.body["setup_intent"] = changed.shown
        Announcer.tell("setup_intent.setup_failed", changed, of: call, &state)
        return problem
    }

    static func cancel(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let intent = try find(call.id, state)
        let status = intent["status"].text ?? ""
        guard !["succeeded", "canceled"].contains(status) else {
            throw .state("setup_intent_unexpected_state", "You cannot cancel this SetupIntent because it has a status of \(status).")
        }
        let reason = try call.parameters.word("cancellation_reason", ["abandoned", "duplicate", "requested_by_customer"])
        let changed = state.update(.setupIntent, call.id) {
            $0["status"] = "canceled"
            $0["cancellation_reason"] = .maybe(reason)
        }
        Announcer.tell("setup_intent.canceled", changed, of: call, &state)
        return changed
    }

    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try find(call.id, state)
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let customer = try call.parameters.text("customer")
        return try Pagination.page(.setupIntent, "setup_intent", call, state) { customer == nil || $0["customer"].text == customer }
    }

    private static func find(_ id: String, _ state: BookState) throws(StripeProblem) -> Node {
        guard let intent = state.find(.setupIntent, id) else { throw .noSuch("setup_intent", id) }
        return intent
    }
}
