import Domain
import HTTP
import Messages

/// Saved payment methods (`payment-facts.md` 1.3, 1.9, 1.11).
extension StripeGateway {
    public func openMethodPage(_ request: MethodPageRequest) -> PageOutcome {
        var form = FormFields()
        form.add("mode", "setup")
        // Without it Stripe wants to know a currency, and none is decided yet.
        form.add("allowed_payment_method_types[0]", "card")
        // What no customer has cannot be charged a second time.
        form.add("customer_creation", "always")
        form.add("customer_email", request.email)
        form.add("success_url", request.returnURL)
        form.add("cancel_url", request.returnURL)
        form.add("metadata[organization_id]", request.organization)
        form.add("setup_intent_data[metadata][organization_id]", request.organization)
        return pageOutcome(post("/v1/checkout/sessions", form, key: request.key))
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
            return details(of: intent["payment_method"], customer: session["customer"]?.text)
        default: return .unknown
        }
    }

    public func adoptMethod(_ reference: String, email: String?, organization: String, key: String) -> MethodOutcome {
        let deadline = self.deadline
        let path = "/v1/payment_methods/\(PercentEncoding.encoded(reference))"
        let read = get(path, by: deadline)
        guard case .json(200, let found) = read else { return noMethod(read) }
        if let customer = found["customer"]?.text { return details(of: found, customer: customer) }
        var owner = FormFields()
        owner.add("email", email)
        owner.add("metadata[organization_id]", organization)
        let made = post("/v1/customers", owner, key: "\(key)-customer", by: deadline)
        guard case .json(200, let customer) = made else { return noMethod(made) }
        guard let id = customer["id"]?.text else { return .unknown }
        var attaching = FormFields()
        attaching.add("customer", id)
        let answer = post("\(path)/attach", attaching, key: "\(key)-attach", by: deadline)
        guard case .json(200, let attached) = answer else { return noMethod(answer) }
        return details(of: attached, customer: id)
    }

    private func details(of method: JSONValue?, customer: String?) -> MethodOutcome {
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
                isReusable: owner != nil))
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
