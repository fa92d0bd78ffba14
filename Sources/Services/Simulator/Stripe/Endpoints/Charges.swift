/// `/v1/charges`, `/v1/balance_transactions`: to look at only.
enum Charges {
    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        guard let charge = state.find(.charge, call.id) else { throw .noSuch("charge", call.id) }
        return charge
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let customer = try call.parameters.text("customer")
        let intent = try call.parameters.text("payment_intent")
        return try Pagination.page(.charge, "charge", call, state) {
            (customer == nil || $0["customer"].text == customer) && (intent == nil || $0["payment_intent"].text == intent)
        }
    }

    static func update(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var charge = try retrieve(call, &state)
        charge["metadata"] = try call.parameters.metadata(over: charge["metadata"])
        if call.parameters.has("description") { charge["description"] = .maybe(try call.parameters.text("description")) }
        state.put(.charge, charge)
        Announcer.tell("charge.updated", charge, of: call, &state)
        return charge
    }

    static func search(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try Searches.search(.charge, call, state)
    }

    static func refunds(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try Pagination.page(.refund, "refund", call, state) { $0["charge"].text == call.id }
    }

    static func balanceTransaction(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        guard let entry = state.find(.balanceTransaction, call.id) else { throw .noSuch("balance_transaction", call.id) }
        return entry
    }

    static func balanceTransactions(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let type = try call.parameters.text("type")
        let source = try call.parameters.text("source")
        return try Pagination.page(.balanceTransaction, "balance_transaction", call, state) {
            (type == nil || $0["type"].text == type) && (source == nil || $0["source"].text == source)
        }
    }
}
