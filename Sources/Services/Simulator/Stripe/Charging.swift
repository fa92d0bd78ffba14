/// What becomes of a confirmed payment intent: the only place of the Stripe side where money moves to us.
enum Charging {
    /// How an intent is confirmed.
    struct Terms: Sendable {
        var isOffSession = false
        /// `error_on_requires_action`: fail rather than ask for the customer.
        var refusesAction = false
        /// The customer has just proved who he is.
        var isAuthenticated = false
        var returnURL: String?
    }

    /// Confirms an intent that has a payment method. - Returns: the intent. - Throws: the decline, with everything already in the books.
    static func confirm(_ id: String, _ terms: Terms, _ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let intent = state.find(.paymentIntent, id) ?? [:]
        let method = intent["payment_method"].text.flatMap { state.find(.paymentMethod, $0) } ?? [:]
        if let decline = call.forcedDecline { throw fail(intent, method, decline, call, &state) }
        let test = PaymentMethodResource.testMethod(of: method)
        switch test.charge {
        case .succeeds: return succeed(intent, method, test, call, &state)
        case .declines(let decline): throw fail(intent, method, decline, call, &state)
        case .isBlocked: throw fail(intent, method, Decline("fraudulent"), isBlocked: true, call, &state)
        case .needsCustomer(let unlessSetUp):
            let isSetUp = unlessSetUp && method["_set_up"].flag == true
            if terms.isAuthenticated || isSetUp { return succeed(intent, method, test, call, &state) }
            guard !terms.isOffSession, !terms.refusesAction else {
                throw fail(intent, method, Decline("authentication_required"), call, &state)
            }
            return ask(intent, terms, call, &state)
        }
    }

    private static func succeed(
        _ intent: Node, _ method: Node, _ test: TestMethod, _ call: StripeCall, _ state: inout BookState
    ) -> Node {
        let amount = intent["amount"].number ?? 0
        let isManual = intent["capture_method"].text == "manual"
        var charge = ChargeResource.make(
            intent: intent, method: method, amount: amount, captured: !isManual, publicURL: call.publicURL, now: state.nowSeconds)
        if !isManual { charge["balance_transaction"] = post(charge, amount, "charge", &state) }
        state.put(.charge, charge)
        if intent["setup_future_usage"].text != nil { keep(method, for: intent, &state) }
        let changed = state.update(.paymentIntent, intent["id"].text ?? "") { intent in
            intent["status"] = isManual ? "requires_capture" : "succeeded"
            intent[isManual ? "amount_capturable" : "amount_received"] = .number(amount)
            intent["latest_charge"] = charge["id"]
            intent["last_payment_error"] = nil
            intent["next_action"] = nil
        }
        Announcer.tell("charge.succeeded", charge, of: call, &state)
        Announcer.tell(isManual ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", changed, of: call, &state)
        if let reason = test.dispute { Disputing.open(charge, reason: reason, isInquiry: test.isInquiry, &state) }
        return changed
    }

    /// Enters a movement of money. - Returns: its id.
    static func post(_ source: Node, _ amount: Int64, _ type: String, _ state: inout BookState) -> Node {
        let entry = ChargeResource.balanceTransaction(of: source, amount: amount, type: type, now: state.nowSeconds)
        state.put(.balanceTransaction, entry)
        return entry["id"]
    }

    /// A method that was paid with under `setup_future_usage` belongs to the customer from then on.
    private static func keep(_ method: Node, for intent: Node, _ state: inout BookState) {
        guard intent["customer"].text != nil, let id = method["id"].text else { return }
        state.update(.paymentMethod, id) {
            $0["customer"] = intent["customer"]
            $0["_set_up"] = true
        }
    }

    private static func fail(
        _ intent: Node, _ method: Node, _ decline: Decline, isBlocked: Bool = false, _ call: StripeCall, _ state: inout BookState
    ) -> StripeProblem {
        var charge = ChargeResource.make(
            intent: intent, method: method, amount: intent["amount"].number ?? 0, captured: false, publicURL: call.publicURL,
            now: state.nowSeconds)
        charge["status"] = "failed"
        charge["paid"] = false
        charge["failure_code"] = .text(decline.errorCode)
        charge["failure_message"] = .text(decline.message)
        charge["outcome"] = outcome(decline, isBlocked)
        charge["payment_method_details"]["card"]["authorization_code"] = nil
        state.put(.charge, charge)
        var problem = StripeProblem(402, type: "card_error", code: decline.errorCode, decline.message)
        problem.isStored = true
        problem.body["charge"] = charge["id"]
        if let code = decline.declineCode { problem.body["decline_code"] = .text(code) }
        if let advice = decline.advice { problem.body["advice_code"] = .text(advice) }
        if let code = decline.networkCode, !isBlocked { problem.body["network_decline_code"] = .text(code) }
        problem.body["payment_method"] = method.shown
        let error = problem.body
        let changed = state.update(.paymentIntent, intent["id"].text ?? "") { intent in
            intent["status"] = "requires_payment_method"
            intent["latest_charge"] = charge["id"]
            intent["last_payment_error"] = error
            intent["payment_method"] = nil
            intent["next_action"] = nil
        }
        problem.body["payment_intent"] = changed.shown
        Announcer.tell("charge.failed", charge, of: call, &state)
        Announcer.tell("payment_intent.payment_failed", changed, of: call, &state)
        return problem
    }

    private static func outcome(_ decline: Decline, _ isBlocked: Bool) -> Node {
        let network: Node = isBlocked ? .null : .maybe(decline.networkCode)
        return [
            "advice_code": .maybe(decline.advice), "network_advice_code": nil, "network_decline_code": network,
            "network_status": isBlocked ? "not_sent_to_network" : "declined_by_network",
            "reason": isBlocked ? "highest_risk_level" : .text(decline.code), "risk_level": isBlocked ? "highest" : "normal",
            "risk_score": isBlocked ? 99 : 12,
            "seller_message": isBlocked
                ? "Stripe blocked this payment as too risky." : "The bank returned the decline code `\(decline.code)`.",
            "type": isBlocked ? "blocked" : "issuer_declined",
        ]
    }

    /// The customer must come and authenticate: a page of ours does what his bank's would.
    private static func ask(_ intent: Node, _ terms: Terms, _ call: StripeCall, _ state: inout BookState) -> Node {
        let id = intent["id"].text ?? ""
        let changed = state.update(.paymentIntent, id) { intent in
            intent["status"] = "requires_action"
            intent["next_action"] = [
                "redirect_to_url": [
                    "return_url": .maybe(terms.returnURL), "url": .text("\(call.publicURL)/_pages/authenticate/\(id)"),
                ],
                "type": "redirect_to_url",
            ]
            intent["_return_url"] = .maybe(terms.returnURL)
        }
        Announcer.tell("payment_intent.requires_action", changed, of: call, &state)
        return changed
    }

    /// The customer could not prove who he is.
    static func failAuthentication(_ id: String, _ call: StripeCall, _ state: inout BookState) -> Node {
        var problem = StripeProblem(
            402, code: "payment_intent_authentication_failure",
            "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to "
                + "fulfill this PaymentIntent again.")
        let method = state.find(.paymentIntent, id)?["payment_method"].text.flatMap { state.find(.paymentMethod, $0) } ?? .null
        problem.body["payment_method"] = method.shown
        let error = problem.body
        let changed = state.update(.paymentIntent, id) { intent in
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = error
            intent["payment_method"] = nil
            intent["next_action"] = nil
        }
        Announcer.tell("payment_intent.payment_failed", changed, of: call, &state)
        return changed
    }
}
