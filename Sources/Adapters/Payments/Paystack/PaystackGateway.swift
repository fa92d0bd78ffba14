public import Domain
public import HTTP
import Messages

/// Paystack by its HTTP interface (`payment-facts.md` 2).
public final class PaystackGateway: PaymentGateway {
    public let gateway = Gateway.paystack

    private let caller: GatewayCaller

    /// - Parameters:
    ///   - base: `https://api.paystack.co`, or a simulator's address (`PAYSTACK_API_BASE`).
    ///   - key: `PAYSTACK_SECRET_KEY`.
    /// - Throws: `HTTPError` where libcurl cannot be set up; trying again does not help.
    public init(base: String, key: String, limits: CallLimits = .standard) throws(HTTPError) {
        caller = try GatewayCaller(base: base, headers: [HTTPHeader("Authorization", "Bearer \(key)")], limits: limits)
    }

    func get(_ path: String) -> GatewayCaller.Answer {
        caller.call(.get, path)
    }

    func post(_ path: String, _ body: JSONWriter) -> GatewayCaller.Answer {
        caller.call(.post, path, body: body.bytes, more: [HTTPHeader("Content-Type", "application/json")])
    }

    // MARK: Charging

    public func charge(_ attempt: ChargeAttempt) -> ChargeOutcome {
        guard let method = attempt.method else { return .refused(code: "payment_method_missing") }
        guard let email = method.email else { return .refused(code: "email_missing") }
        guard let amount = gateway.wireAmount(of: attempt.total) else { return .refused(code: "amount_not_chargeable") }
        var body = JSONWriter()
        body.beginObject()
        body.member("email", email)
        body.member("amount", amount)
        body.member("currency", attempt.total.currency.code)
        body.member("authorization_code", method.reference)
        body.member("reference", attempt.key)
        body.member("metadata", Self.metadata(attempt))
        body.endObject()
        switch post("/transaction/charge_authorization", body) {
        case .json(200, let answer): return outcome(ofTransaction: answer["data"])
        case .json(let status, let answer): return PaystackAnswers.outcome(status: status, message: answer["message"]?.text)
        case .unreadable, .none(mayHaveArrived: true): return .unknown
        case .none(mayHaveArrived: false): return .slowDown
        }
    }

    public func ask(_ attempt: ChargeAttempt, _ way: AskingWay) -> AskResult {
        verify(attempt.key)
    }

    /// The id of a charge is its reference.
    public func readCharge(_ transaction: String, currency: Currency) -> AskResult {
        verify(transaction)
    }

    func verify(_ reference: String) -> AskResult {
        switch get("/transaction/verify/\(PercentEncoding.encoded(reference))") {
        case .json(200, let answer): return askResult(answer["data"])
        case .json(let status, let answer):
            return PaystackAnswers.isNotFound(status: status, message: answer["message"]?.text) ? .notFound : .stillUnknown
        case .unreadable, .none: return .stillUnknown
        }
    }

    private func askResult(_ transaction: JSONValue?) -> AskResult {
        switch outcome(ofTransaction: transaction) {
        case .succeeded(let payment): .paid(payment)
        case .declined(let decline): .notPaid(decline)
        case .unknown, .refused, .slowDown: .stillUnknown
        }
    }

    /// `status: true` says that the call worked, not that money moved: `data.status` does (`payment-facts.md` 2.1).
    private func outcome(ofTransaction data: JSONValue?) -> ChargeOutcome {
        guard let data, !data.isNull else { return .unknown }
        // A challenge instead of a charge (`payment-facts.md` 2.2).
        if data["paused"]?.bool == true { return .declined(Decline(.needsCustomer, code: "authentication_required")) }
        guard let status = data["status"]?.text, let state = PaystackAnswers.state(of: status) else { return .unknown }
        switch state {
        case .paid: return payment(of: data).map { .succeeded($0) } ?? .unknown
        case .failed:
            return .declined(
                PaystackDeclines.decline(
                    responseCode: data["response_code"]?.text, name: data["gateway_response_code"]?.text))
        case .notPaid: return .declined(.neverArrived)
        case .underWay: return .unknown
        }
    }

    /// Our reference travels in the metadata; the transaction's own reference is the attempt's key, and the id of the charge for us: refunds
    /// and disputes name it.
    func payment(of data: JSONValue) -> GatewayPayment? {
        guard let key = data["reference"]?.text else { return nil }
        return GatewayPayment(
            transaction: key, isPaid: data["status"]?.text == "success", amount: money(data["amount"], data["currency"]),
            reference: Self.purchaseReference(data["metadata"]))
    }

    // MARK: Shared

    /// Amounts come as numbers and as texts (`payment-facts.md` 2.1, 2.5).
    func money(_ amount: JSONValue?, _ currency: JSONValue?) -> Money? {
        gateway.money(Self.number(amount), currency?.text)
    }

    static func number(_ value: JSONValue?) -> Int64? {
        value?.whole ?? value?.text.flatMap { Int64($0) }
    }

    /// Ids are numbers in one place and texts in another.
    static func text(_ value: JSONValue?) -> String? {
        if let number = value?.whole { return String(number) }
        return value?.text
    }

    /// As text: that is how the interface takes it from everywhere (`payment-facts.md` 2.2).
    static func metadata(_ attempt: ChargeAttempt) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("purchase_reference_id", attempt.reference)
        writer.member("organization_id", attempt.organization)
        writer.member("attempt", String(attempt.number))
        writer.endObject()
        return writer.text
    }

    /// Metadata comes back as an object or as the text that was sent.
    static func purchaseReference(_ metadata: JSONValue?) -> String? {
        let object = metadata?.text.flatMap { try? JSONReader.read(Array($0.utf8)) } ?? metadata
        return object?["purchase_reference_id"]?.text
    }
}
