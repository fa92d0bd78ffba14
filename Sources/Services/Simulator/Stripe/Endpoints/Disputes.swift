/// `/v1/disputes`.
enum Disputes {
    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        guard let dispute = state.find(.dispute, call.id) else { throw .noSuch("dispute", call.id) }
        return dispute
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let charge = try call.parameters.text("charge")
        let intent = try call.parameters.text("payment_intent")
        return try Pagination.page(.dispute, "dispute", call, state) {
            (charge == nil || $0["charge"].text == charge) && (intent == nil || $0["payment_intent"].text == intent)
        }
    }

    static func update(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let dispute = try open(call, &state)
        let given = try call.parameters.within("evidence")
        var evidence: Node = [:]
        for field in given.root.fields {
            guard dispute["evidence"].has(field.name) else {
                throw .invalid("evidence[\(field.name)]", "Received unknown parameter: evidence[\(field.name)]", code: "parameter_unknown")
            }
            evidence[field.name] = .maybe(try given.text(field.name))
        }
        let metadata = try call.parameters.metadata(over: dispute["metadata"])
        let submits = try call.parameters.flag("submit") ?? true
        state.update(.dispute, call.id) { $0["metadata"] = metadata }
        guard !evidence.fields.isEmpty else { return state.find(.dispute, call.id) ?? dispute }
        return Disputing.answer(call.id, evidence: evidence, submits: submits, call, &state)
    }

    static func close(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        _ = try open(call, &state)
        return Disputing.close(call.id, call, &state)
    }

    private static func open(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let dispute = try retrieve(call, &state)
        guard !["won", "lost", "warning_closed"].contains(dispute["status"].text ?? "") else {
            throw .state(nil, "This dispute is already closed.")
        }
        return dispute
    }
}
