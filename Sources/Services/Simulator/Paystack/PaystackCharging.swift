/// What becomes of a charge on Paystack's side: the only place there where money moves to us.
enum PaystackCharging {
    /// A customer by e-mail address, made where he is new.
    static func customer(_ email: String, _ state: inout BookState) -> Node {
        let key = email.lowercased()
        if let known = state.find(.paystackCustomer, key) { return known }
        let customer = PaystackObjects.customer(email: email, id: 181_870_000 + Int64(state.count(.paystackCustomer)), now: state.now)
        state.put(.paystackCustomer, key, customer)
        return customer
    }

    static func open(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        let email = try call.email()
        let amount = try call.amount()
        let currency = try call.currency()
        let reference = try call.reference(state)
        var transaction = PaystackObjects.transaction(
            id: 4_099_490_000 + Int64(state.count(.paystackTransaction)), reference: reference, amount: amount, currency: currency,
            customer: customer(email, &state), now: state.now)
        transaction["metadata"] = metadata(call.parameters["metadata"])
        transaction["_callback"] = call.parameters["callback_url"]
        transaction["_access"] = .text(Identifiers.random(15).lowercased())
        return transaction
    }

    /// An object, also one that came as a text.
    private static func metadata(_ given: Node) -> Node {
        guard let text = given.text else { return given.isNull ? "" : given }
        return Node(json: Array(text.utf8)) ?? given
    }

    static func succeed(_ transaction: Node, with authorization: Node, _ state: inout BookState) -> Node {
        var paid = transaction
        paid["status"] = "success"
        paid["authorization"] = authorization.shown
        take(.approved, into: &paid)
        paid["log"] = PaystackObjects.log(success: true, now: state.now)
        paid["paid_at"] = PaystackObjects.time(state.now)
        paid["paidAt"] = paid["paid_at"]
        paid["fees"] = .number((transaction["amount"].number ?? 0) * 15 / 1000)
        put(paid, &state)
        announce("charge.success", paid, &state)
        return paid
    }

    static func fail(_ transaction: Node, with authorization: Node, _ response: GatewayResponse, _ state: inout BookState) -> Node {
        var failed = transaction
        failed["status"] = "failed"
        failed["authorization"] = authorization.shown
        take(response, into: &failed)
        failed["message"] = .text(response.text)
        failed["log"] = PaystackObjects.log(success: false, now: state.now)
        // Paystack sends no event for a failed charge (payment-facts.md 2.5).
        put(failed, &state)
        return failed
    }

    private static func take(_ response: GatewayResponse, into transaction: inout Node) {
        transaction["gateway_response"] = .text(response.text)
        transaction["gateway_response_code"] = .text(response.code)
        transaction["response_code"] = .text(response.responseCode)
    }

    static func put(_ transaction: Node, _ state: inout BookState) {
        state.put(.paystackTransaction, transaction["reference"].text ?? "", transaction)
    }

    static func announce(_ event: String, _ data: Node, _ state: inout BookState) {
        let id = "psevt_" + Identifiers.random(20)
        state.put(
            .paystackEvent, id,
            ["id": .text(id), "event": .text(event), "data": data.shown, "created": .number(state.nowSeconds)])
    }

    /// By reference, or by the number that Paystack gave it.
    static func find(_ named: String, _ state: BookState) -> Node? {
        if let found = state.find(.paystackTransaction, named) { return found }
        guard let number = Int64(named) else { return nil }
        return state.all(.paystackTransaction).first { $0["id"].number == number }
    }
}
