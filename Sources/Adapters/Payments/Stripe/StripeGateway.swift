public import Domain
public import HTTP
import Messages

/// Stripe by its HTTP interface (`payment-facts.md` 1).
public final class StripeGateway: PaymentGateway {
    public let gateway = Gateway.stripe
    /// Pinned: from 2026-09-30 on a request names no payment method types (`payment-facts.md` 1.5).
    public static let apiVersion = "2026-10-28.endive"

    private let caller: GatewayCaller

    /// - Parameters:
    ///   - base: `https://api.stripe.com`, or a simulator's address (`STRIPE_API_BASE`).
    ///   - key: `STRIPE_SECRET_KEY`.
    /// - Throws: `HTTPError` where libcurl cannot be set up; trying again does not help.
    public init(base: String, key: String, limits: CallLimits = .standard) throws(HTTPError) {
        caller = try GatewayCaller(
            base: base,
            headers: [HTTPHeader("Authorization", "Bearer \(key)"), HTTPHeader("Stripe-Version", Self.apiVersion)], limits: limits)
    }

    /// See `GatewayCaller`.
    var deadline: ContinuousClock.Instant { caller.deadline }

    func get(_ path: String, _ query: FormFields = FormFields(), by deadline: ContinuousClock.Instant? = nil) -> GatewayCaller.Answer {
        caller.call(.get, query.text.isEmpty ? path : "\(path)?\(query.text)", by: deadline)
    }

    func post(
        _ path: String, _ form: FormFields, key: String? = nil, by deadline: ContinuousClock.Instant? = nil
    ) -> GatewayCaller.Answer {
        var headers = [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")]
        if let key { headers.append(HTTPHeader("Idempotency-Key", key)) }
        return caller.call(.post, path, body: form.bytes, more: headers, by: deadline)
    }

    // MARK: Charging

    public func charge(_ attempt: ChargeAttempt) -> ChargeOutcome {
        guard let method = attempt.method else { return .refused(code: "payment_method_missing") }
        guard let amount = gateway.wireAmount(of: attempt.total) else { return .refused(code: "amount_not_chargeable") }
        var form = FormFields()
        form.add("amount", amount)
        form.add("currency", attempt.total.currency.code.lowercased())
        form.add("payment_method", method.reference)
        form.add("customer", method.customer)
        form.add("off_session", "true")
        form.add("confirm", "true")
        form.add("description", attempt.description)
        form.add("automatic_payment_methods[enabled]", "true")
        form.add("automatic_payment_methods[allow_redirects]", "never")
        addMetadata("metadata", attempt, &form)
        switch post("/v1/payment_intents", form, key: attempt.key) {
        case .json(200, let intent): return outcome(ofIntent: intent)
        case .json(let status, let body): return outcome(status: status, body)
        // A gateway's own 4xx always has a body; one without comes from something in between.
        case .unreadable, .none(mayHaveArrived: true): return .unknown
        case .none(mayHaveArrived: false): return .slowDown
        }
    }

    public func ask(_ attempt: ChargeAttempt, _ way: AskingWay) -> AskResult {
        let deadline = self.deadline
        guard way == .sameKey else { return search(attempt, by: deadline) }
        switch charge(attempt) {
        case .succeeded(let payment): return .paid(payment)
        case .declined(let decline): return .notPaid(decline)
        case .refused, .slowDown: return .stillUnknown
        case .unknown:
            // Stripe repeats its answer to a key for a day, also one that says that Stripe itself had failed, whatever became of the charge.
            // Only a success is believed of the search: what it does not show, or shows unpaid, may be on its way.
            if case .paid(let payment) = search(attempt, by: deadline) { return .paid(payment) }
            return .stillUnknown
        }
    }

    /// The id of a charge is that of its intent, which knows our reference too.
    public func readCharge(_ transaction: String, currency: Currency) -> AskResult {
        switch get("/v1/payment_intents/\(PercentEncoding.encoded(transaction))") {
        case .json(200, let intent): askResult(ofIntent: intent)
        case .json(404, _): .notFound
        default: .stillUnknown
        }
    }

    private func search(_ attempt: ChargeAttempt, by deadline: ContinuousClock.Instant) -> AskResult {
        var query = FormFields()
        query.add("query", "metadata['purchase_reference_id']:'\(attempt.reference)'")
        query.add("limit", "100")
        guard case .json(200, let list) = get("/v1/payment_intents/search", query, by: deadline), let found = list["data"]?.elements else {
            return .stillUnknown
        }
        let ours = found.filter { $0["metadata"]?["attempt"]?.text == String(attempt.number) }
        guard let intent = ours.first(where: { $0["status"]?.text == "succeeded" }) ?? ours.first else { return .notFound }
        return askResult(ofIntent: intent)
    }

    func askResult(ofIntent intent: JSONValue) -> AskResult {
        switch outcome(ofIntent: intent) {
        case .succeeded(let payment): .paid(payment)
        case .declined(let decline): .notPaid(decline)
        case .unknown, .refused, .slowDown: .stillUnknown
        }
    }

    private func outcome(ofIntent intent: JSONValue) -> ChargeOutcome {
        guard let status = intent["status"]?.text, let state = StripeAnswers.state(ofIntent: status) else { return .unknown }
        switch state {
        case .paid: return payment(ofIntent: intent).map { .succeeded($0) } ?? .unknown
        case .needsCustomer: return .declined(Decline(.needsCustomer, code: "authentication_required"))
        case .declined: return .declined(decline(intent["last_payment_error"]))
        case .underWay: return .unknown
        case .closed: return .declined(.neverArrived)
        }
    }

    func payment(ofIntent intent: JSONValue) -> GatewayPayment? {
        guard let id = intent["id"]?.text else { return nil }
        return GatewayPayment(
            transaction: id, isPaid: intent["status"]?.text == "succeeded", amount: money(intent["amount_received"], intent["currency"]),
            reference: intent["metadata"]?["purchase_reference_id"]?.text)
    }

    private func outcome(status: Int, _ body: JSONValue) -> ChargeOutcome {
        let error = body["error"]
        return StripeAnswers.outcome(status: status, type: error?["type"]?.text, code: error?["code"]?.text) ?? .declined(decline(error))
    }

    private func decline(_ error: JSONValue?) -> Decline {
        StripeDeclines.decline(
            code: error?["code"]?.text, declineCode: error?["decline_code"]?.text, adviceCode: error?["advice_code"]?.text)
    }

    // MARK: Shared

    func money(_ amount: JSONValue?, _ currency: JSONValue?) -> Money? {
        gateway.money(amount?.whole, currency?.text)
    }

    func addMetadata(_ field: String, _ attempt: ChargeAttempt, _ form: inout FormFields) {
        form.add("\(field)[purchase_reference_id]", attempt.reference)
        form.add("\(field)[organization_id]", attempt.organization)
        form.add("\(field)[attempt]", String(attempt.number))
    }

    /// The error's own code, or its status. A decline has two, and the second one says why.
    func code(_ status: Int, _ body: JSONValue) -> String {
        let error = body["error"]
        if status == 402, let code = error?["decline_code"]?.text { return code }
        return error?["code"]?.text ?? "http_\(status)"
    }
}
