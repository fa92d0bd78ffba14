/// `/v1/payment_methods` and a customer's list of them.
enum PaymentMethods {
    static func create(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let type = try call.parameters.required("type")
        guard type == "card" else { throw .invalid("type", "Only the type `card` can be used here.") }
        let card = try call.parameters.within("card")
        let test = try testMethod(of: card)
        var method = PaymentMethodResource.make(test, now: state.nowSeconds)
        if let month = try card.integer("exp_month") { method["card"]["exp_month"] = .number(month) }
        if let year = try card.integer("exp_year") { method["card"]["exp_year"] = .number(year) }
        method["billing_details"] = try details(call.parameters, over: method["billing_details"])
        method["metadata"] = try call.parameters.metadata()
        state.put(.paymentMethod, method)
        return method
    }

    private static func testMethod(of card: Parameters) throws(StripeProblem) -> TestMethod {
        if let token = try card.text("token") {
            guard let method = TestMethod.named(token.replacing("tok_", with: "pm_card_")) else {
                throw .noSuch("token", token, param: "card[token]")
            }
            return method
        }
        let number = try card.required("number").filter { $0 != " " }
        guard let method = TestMethod.numbered(number) else {
            var problem = StripeProblem(
                402, type: "card_error", code: "incorrect_number", param: "number", "Your card number is incorrect.")
            problem.isStored = true
            throw problem
        }
        return method
    }

    static func update(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        var method = try resolve(call.id, param: nil, &state)
        method["billing_details"] = try details(call.parameters, over: method["billing_details"])
        method["metadata"] = try call.parameters.metadata(over: method["metadata"])
        let card = try call.parameters.within("card")
        for name in ["exp_month", "exp_year"] {
            if let value = try card.integer(name) { method["card"][name] = .number(value) }
        }
        state.put(.paymentMethod, method)
        Announcer.tell("payment_method.updated", method, of: call, &state)
        return method
    }

    static func retrieve(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        try resolve(call.id, param: nil, &state)
    }

    static func attach(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        guard let customer = try Customers.named(call.parameters, state) else { throw .missing("customer") }
        return try attach(call.id, to: customer["id"].text ?? "", call, &state)
    }

    /// A card that declines cannot be kept: the bank is asked for nothing, and says no (payment-facts.md 1.9).
    static func attach(
        _ named: String, to customer: String, _ call: StripeCall, _ state: inout BookState
    ) throws(StripeProblem) -> Node {
        let method = try resolve(named, param: nil, &state)
        let test = PaymentMethodResource.testMethod(of: method)
        if method["_detached"].flag == true { throw usedUp }
        if let owner = method["customer"].text, owner != customer {
            throw .state(nil, "The payment method you provided has already been attached to a customer.")
        }
        if !test.canBeAttached, case .declines(let decline) = test.charge {
            var problem = StripeProblem(402, type: "card_error", code: decline.errorCode, decline.message)
            if let code = decline.declineCode { problem.body["decline_code"] = .text(code) }
            if let advice = decline.advice { problem.body["advice_code"] = .text(advice) }
            problem.isStored = true
            throw problem
        }
        let changed = state.update(.paymentMethod, method["id"].text ?? "") { $0["customer"] = .text(customer) }
        Announcer.tell("payment_method.attached", changed, of: call, &state)
        return changed
    }

    static let usedUp = StripeProblem.state(
        nil,
        "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used "
            + "again.")

    static func detach(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let method = try resolve(call.id, param: nil, &state)
        guard method["customer"].text != nil else {
            throw .state(nil, "The payment method you provided is not attached to a customer so detachment is impossible.")
        }
        let changed = state.update(.paymentMethod, call.id) {
            $0["customer"] = nil
            $0["_detached"] = true
        }
        Announcer.tell("payment_method.detached", changed, of: call, &state)
        return changed
    }

    static func list(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let customer = try call.parameters.text("customer")
        return try listed(of: customer, call, state)
    }

    static func listOfCustomer(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        _ = try Customers.find(call.id, state)
        return try listed(of: call.id, call, state)
    }

    static func retrieveOfCustomer(_ call: StripeCall, _ state: inout BookState) throws(StripeProblem) -> Node {
        let id = call.ids[1]
        guard let method = state.find(.paymentMethod, id), method["customer"].text == call.id else { throw .noSuch("payment_method", id) }
        return method
    }

    private static func listed(of customer: String?, _ call: StripeCall, _ state: BookState) throws(StripeProblem) -> Node {
        let type = try call.parameters.text("type")
        return try Pagination.page(.paymentMethod, "payment_method", call, state) {
            $0["customer"].text == customer && customer != nil && (type == nil || $0["type"].text == type)
        }
    }

    /// A method by id, or a new one by the name of a test method. - Parameter param: where the name stood, nil: in the path.
    static func resolve(_ named: String, param: String?, _ state: inout BookState) throws(StripeProblem) -> Node {
        if let method = state.find(.paymentMethod, named) { return method }
        guard let test = TestMethod.named(named) else {
            throw param.map { .noSuch("PaymentMethod", named, param: $0) } ?? .noSuch("PaymentMethod", named)
        }
        let method = PaymentMethodResource.make(test, now: state.nowSeconds)
        state.put(.paymentMethod, method)
        return method
    }

    private static func details(_ parameters: Parameters, over old: Node) throws(StripeProblem) -> Node {
        guard parameters.has("billing_details") else { return old }
        let given = try parameters.within("billing_details")
        var details = old
        for name in ["email", "name", "phone"] where given.has(name) { details[name] = .maybe(try given.text(name)) }
        if given.has("address") { details["address"] = try CustomerResource.address(try given.within("address")) }
        return details
    }
}
