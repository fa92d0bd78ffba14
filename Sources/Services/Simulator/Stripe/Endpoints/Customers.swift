/// `/v1/customers`.
enum Customers {
    static func create(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var customer = CustomerResource.make(now: state.nowSeconds)
        try fill(&customer, call.parameters)
        if let named = try call.parameters.text("payment_method") {
            let method = try PaymentMethods.attach(named, to: customer["id"].text ?? "", call, &state)
            customer["invoice_settings"]["default_payment_method"] = method["id"]
        }
        state.put(.customer, customer)
        Announcer.tell("customer.created", customer, of: call, &state)
        return customer
    }

    static func update(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var customer = try find(call.id, state)
        try fill(&customer, call.parameters)
        state.put(.customer, customer)
        Announcer.tell("customer.updated", customer, of: call, &state)
        return customer
    }

    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try find(call.id, state)
    }

    static func delete(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let customer = try find(call.id, state)
        state.remove(.customer, call.id)
        Announcer.tell("customer.deleted", customer, of: call, &state)
        return ["id": .text(call.id), "object": "customer", "deleted": true]
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let email = try call.parameters.text("email")
        return try Pagination.page(.customer, "customer", call, state) { email == nil || $0["email"].text == email }
    }

    static func find(_ id: String, _ state: BookState) throws(StripeProblem) -> Node {
        guard let customer = state.find(.customer, id) else { throw .noSuch("customer", id) }
        return customer
    }

    /// A customer named by the parameter `customer`.
    static func named(_ parameters: Parameters, _ state: BookState) throws(StripeProblem) -> Node? {
        guard let id = try parameters.text("customer") else { return nil }
        guard let customer = state.find(.customer, id) else { throw .noSuch("customer", id, param: parameters.path("customer")) }
        return customer
    }

    private static func fill(_ customer: inout Node, _ parameters: Parameters) throws(StripeProblem) {
        for name in ["email", "name", "phone", "description"] where parameters.has(name) {
            customer[name] = .maybe(try parameters.text(name))
        }
        if parameters.has("address") { customer["address"] = try CustomerResource.address(try parameters.within("address")) }
        if let exempt = try parameters.word("tax_exempt", ["none", "exempt", "reverse"]) { customer["tax_exempt"] = .text(exempt) }
        let settings = try parameters.within("invoice_settings")
        if let method = try settings.text("default_payment_method") {
            customer["invoice_settings"]["default_payment_method"] = .text(method)
        }
        customer["metadata"] = try parameters.metadata(over: customer["metadata"])
    }
}
