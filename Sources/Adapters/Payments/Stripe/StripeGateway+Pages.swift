public import Domain
import HTTP
import Messages

/// Hosted Checkout (`payment-facts.md` 1.11).
extension StripeGateway {
    public func openPage(_ attempt: ChargeAttempt, _ page: PageRequest) -> PageOutcome {
        guard let amount = gateway.wireAmount(of: attempt.total) else { return .refused(code: "amount_not_chargeable") }
        var form = FormFields()
        form.add("mode", "payment")
        form.add("line_items[0][price_data][currency]", attempt.total.currency.code.lowercased())
        form.add("line_items[0][price_data][unit_amount]", amount)
        form.add("line_items[0][price_data][product_data][name]", attempt.description)
        form.add("line_items[0][quantity]", 1)
        form.add("success_url", page.successURL)
        form.add("cancel_url", page.cancelURL)
        form.add("client_reference_id", attempt.reference)
        form.add("customer_email", page.email)
        addMetadata("metadata", attempt, &form)
        addMetadata("payment_intent_data[metadata]", attempt, &form)
        return pageOutcome(post("/v1/checkout/sessions", form, key: attempt.key))
    }

    func pageOutcome(_ answer: GatewayCaller.Answer) -> PageOutcome {
        switch answer {
        case .json(200, let session):
            guard let id = session["id"]?.text, let url = session["url"]?.text else { return .unknown }
            return .opened(id: id, url: url)
        case .json(let status, let body):
            switch StripeAnswers.outcome(status: status, type: body["error"]?["type"]?.text, code: body["error"]?["code"]?.text) {
            case .slowDown: return .slowDown
            case .refused(let code): return .refused(code: code)
            default: return .unknown
            }
        case .unreadable, .none: return .unknown
        }
    }

    public func readPage(_ id: String, currency: Currency) -> AskResult {
        switch get("/v1/checkout/sessions/\(PercentEncoding.encoded(id))") {
        case .json(200, let session): askResult(ofSession: session)
        case .json(404, _): .notFound
        default: .stillUnknown
        }
    }

    private func askResult(ofSession session: JSONValue) -> AskResult {
        if session["payment_status"]?.text == "paid" { return payment(ofSession: session).map { .paid($0) } ?? .stillUnknown }
        return session["status"]?.text == "expired" ? .notPaid(.neverArrived) : .stillUnknown
    }

    /// The session repeats what its intent says; the intent's id is the charge's.
    func payment(ofSession session: JSONValue) -> GatewayPayment? {
        let intent = session["payment_intent"]
        guard let id = intent?.text ?? intent?["id"]?.text else { return nil }
        return GatewayPayment(
            transaction: id, isPaid: session["payment_status"]?.text == "paid",
            amount: money(session["amount_total"], session["currency"]), reference: session["client_reference_id"]?.text)
    }

    public func close(_ object: OpenObject, currency: Currency) -> CloseResult {
        let deadline = self.deadline
        switch object {
        case .page(let id):
            let path = "/v1/checkout/sessions/\(PercentEncoding.encoded(id))"
            switch post("\(path)/expire", FormFields(), by: deadline) {
            case .json(200, _): return .closed
            // Not open any more: paid or expired, and the session says which.
            case .json(400, _):
                guard case .json(200, let session) = get(path, by: deadline) else { return .unknown }
                switch askResult(ofSession: session) {
                case .paid(let payment): return .alreadyPaid(payment)
                case .notPaid: return .closed
                case .stillUnknown, .notFound: return .unknown
                }
            case .json(404, _): return .closed
            default: return .unknown
            }
        case .intent(let id): return cancelIntent(id, by: deadline)
        }
    }

    private func cancelIntent(_ id: String, by deadline: ContinuousClock.Instant) -> CloseResult {
        let path = "/v1/payment_intents/\(PercentEncoding.encoded(id))"
        switch post("\(path)/cancel", FormFields(), by: deadline) {
        case .json(200, _), .json(404, _): return .closed
        case .json(400, _):
            guard case .json(200, let intent) = get(path, by: deadline) else { return .unknown }
            switch intent["status"]?.text {
            case "succeeded": return payment(ofIntent: intent).map { .alreadyPaid($0) } ?? .unknown
            case "canceled": return .closed
            default: return .unknown
            }
        default: return .unknown
        }
    }
}
