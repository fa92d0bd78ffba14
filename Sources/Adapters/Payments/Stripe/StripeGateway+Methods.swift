import Domain
import HTTP
import Messages

/// Saved payment methods (`payment-facts.md` 1.3, 1.9, 1.11).
extension StripeGateway {
    public func openMethodPage(_ request: MethodPageRequest) -> PageOutcome {
        let deadline = self.deadline
        // A customer of ours, who says for whom the card is saved: nobody else may adopt it.
        let made = post("/v1/customers", owner(request.organization, email: request.email), key: "\(request.key)-customer", by: deadline)
        guard case .json(200, let customer) = made, let id = customer["id"]?.text else { return pageOutcome(made) }
        var form = FormFields()
        form.add("mode", "setup")
        // Without it Stripe wants to know a currency, and none is decided yet.
        form.add("allowed_payment_method_types[0]", "card")
        form.add("customer", id)
        form.add("success_url", request.returnURL)
        form.add("cancel_url", request.returnURL)
        form.add("metadata[organization_id]", request.organization)
        form.add("setup_intent_data[metadata][organization_id]", request.organization)
        return pageOutcome(post("/v1/checkout/sessions", form, key: request.key, by: deadline))
    }

    private func owner(_ organization: String, email: String?) -> FormFields {
        var form = FormFields()
        form.add("email", email)
        form.add("metadata[organization_id]", organization)
        return form
    }

    public func readMethodPage(_ id: String) -> MethodOutcome {
        var query = FormFields()
        query.add("expand[0]", "setup_intent.payment_method")
        let answer = get("/v1/checkout/sessions/\(PercentEncoding.encoded(id))", query)
        guard case .json(200, let session) = answer else { return noMethod(answer) }
        guard session["mode"]?.text == "setup" else { return .notFound }
        switch session["status"]?.text {
        case "open", "expired": return .notFound
        case "complete":
            // Some cards are confirmed a little later.
            guard let intent = session["setup_intent"], intent["status"]?.text == "succeeded" else { return .unknown }
            return details(
                of: intent["payment_method"], customer: session["customer"]?.text,
                organization: session["metadata"]?["organization_id"]?.text)
        default: return .unknown
        }
    }

    public func adoptMethod(_ reference: String, email: String?, organization: String, key: String) -> MethodOutcome {
        let deadline = self.deadline
        let path = "/v1/payment_methods/\(PercentEncoding.encoded(reference))"
        let read = get(path, by: deadline)
        guard case .json(200, let found) = read else { return noMethod(read) }
        if let customer = found["customer"]?.text {
            let answer = get("/v1/customers/\(PercentEncoding.encoded(customer))", by: deadline)
            guard case .json(200, let owner) = answer else { return noMethod(answer) }
            return details(of: found, customer: customer, organization: owner["metadata"]?["organization_id"]?.text)
        }
        let made = post("/v1/customers", owner(organization, email: email), key: "\(key)-customer", by: deadline)
        guard case .json(200, let customer) = made else { return noMethod(made) }
        guard let id = customer["id"]?.text else { return .unknown }
        var attaching = FormFields()
        attaching.add("customer", id)
        let answer = post("\(path)/attach", attaching, key: "\(key)-attach", by: deadline)
        guard case .json(200, let attached) = answer else { return noMethod(answer) }
        return details(of: attached, customer: id, organization: organization)
    }

    private func details(of method: JSONValue?, customer: String?, organization: String?) -> MethodOutcome {
        guard let method, let id = method["id"]?.text else { return .unknown }
        let card = method["card"]
        var expiry: Month?
        if let year = card?["exp_year"]?.whole, let month = card?["exp_month"]?.whole, (1...12).contains(month) {
            expiry = Month(year: year, month: month)
        }
        let owner = method["customer"]?.text ?? customer
        return .found(
            MethodDetails(
                reference: id, customer: owner, brand: card?["brand"]?.text, lastFour: card?["last4"]?.text, expiry: expiry,
                isReusable: owner != nil, organization: organization))
    }

    private func noMethod(_ answer: GatewayCaller.Answer) -> MethodOutcome {
        switch answer {
        case .json(404, _): .notFound
        // Too many, or the same key still at work: another time.
        case .json(429, _), .json(409, _): .unknown
        case .json(let status, let body) where (400..<500).contains(status): .refused(code: code(status, body))
        case .json, .unreadable, .none: .unknown
        }
    }
}
