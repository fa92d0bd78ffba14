/// `/v1/refunds`.
enum Refunds {
    static func create(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let charge = try charge(call.parameters, state)
        let reason = try call.parameters.word("reason", ["duplicate", "fraudulent", "requested_by_customer"])
        let metadata = try call.parameters.metadata()
        let id = charge["id"].text ?? ""
        guard charge["status"].text == "succeeded", charge["captured"].flag == true else {
            throw .state("charge_not_refundable", "Charge \(id) is not refundable.")
        }
        guard charge["disputed"].flag != true || isRefundable(id, state) else {
            throw .state("charge_disputed", "Charge \(id) has been charged back; cannot issue a refund.")
        }
        let left = (charge["amount_captured"].number ?? 0) - (charge["amount_refunded"].number ?? 0)
        guard left > 0 else { throw .state("charge_already_refunded", "Charge \(id) has already been refunded.") }
        let amount = try call.parameters.integer("amount") ?? left
        guard amount >= 1 else {
            throw .invalid("amount", "This value must be greater than or equal to 1.", code: "parameter_invalid_integer")
        }
        guard amount <= left else {
            let currency = charge["currency"].text ?? "usd"
            throw .invalid(
                "amount",
                "Refund amount (\(Amounts.shown(amount, currency)) \(currency)) is greater than unrefunded amount on charge "
                    + "(\(Amounts.shown(left, currency)) \(currency))")
        }
        return Refunding.refund(charge, amount: amount, reason: reason, metadata: metadata, call, &state)
    }

    private static func charge(_ parameters: Parameters, _ state: BookState) throws(StripeProblem) -> Node {
        if let id = try parameters.text("charge") {
            guard let charge = state.find(.charge, id) else { throw .noSuch("charge", id, param: "charge") }
            return charge
        }
        guard let id = try parameters.text("payment_intent") else {
            throw .invalid("charge", "One of the following params should be provided for this request: payment_intent or charge.")
        }
        guard let intent = state.find(.paymentIntent, id) else { throw .noSuch("payment_intent", id, param: "payment_intent") }
        guard intent["status"].text == "succeeded", let charge = intent["latest_charge"].text.flatMap({ state.find(.charge, $0) }) else {
            throw .state("payment_intent_unexpected_state", "This PaymentIntent (\(id)) does not have a successful charge to refund.")
        }
        return charge
    }

    /// A bank's question leaves the charge refundable; a chargeback does not.
    private static func isRefundable(_ charge: String, _ state: BookState) -> Bool {
        state.all(.dispute).filter { $0["charge"].text == charge }.allSatisfy { $0["is_charge_refundable"].flag == true }
    }

    static func update(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var refund = try find(call.id, state)
        refund["metadata"] = try call.parameters.metadata(over: refund["metadata"])
        state.put(.refund, refund)
        return refund
    }

    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try find(call.id, state)
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let charge = try call.parameters.text("charge")
        let intent = try call.parameters.text("payment_intent")
        return try Pagination.page(.refund, "refund", call, state) {
            (charge == nil || $0["charge"].text == charge) && (intent == nil || $0["payment_intent"].text == intent)
        }
    }

    static func cancel(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let refund = try find(call.id, state)
        guard ["pending", "requires_action"].contains(refund["status"].text ?? "") else {
            throw .state(nil, "You cannot cancel this refund because it has a status of \(refund["status"].text ?? "").")
        }
        return Refunding.cancel(call.id, call, &state)
    }

    private static func find(_ id: String, _ state: BookState) throws(StripeProblem) -> Node {
        guard let refund = state.find(.refund, id) else { throw .noSuch("refund", id) }
        return refund
    }
}
