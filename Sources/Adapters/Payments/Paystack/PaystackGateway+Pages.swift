public import Domain
import HTTP
import Messages

/// Pages, refunds, and the list of transactions (`payment-facts.md` 2.2, 2.5).
extension PaystackGateway {
    /// The most that a list gives at a time.
    private static let pageSize = 100

    public func openPage(_ attempt: ChargeAttempt, _ page: PageRequest) -> PageOutcome {
        guard let email = page.email else { return .refused(code: "email_missing") }
        guard let amount = gateway.wireAmount(of: attempt.total) else { return .refused(code: "amount_not_chargeable") }
        var body = JSONWriter()
        body.beginObject()
        body.member("email", email)
        body.member("amount", amount)
        body.member("currency", attempt.total.currency.code)
        body.member("reference", attempt.key)
        body.member("callback_url", page.successURL)
        body.member("metadata", Self.metadata(attempt))
        body.endObject()
        switch post("/transaction/initialize", body) {
        case .json(200, let answer):
            guard let url = answer["data"]?["authorization_url"]?.text else { return .unknown }
            return .opened(id: attempt.key, url: url)
        case .json(let status, let answer):
            switch PaystackAnswers.outcome(status: status, message: answer["message"]?.text) {
            case .slowDown: return .slowDown
            case .refused(let code): return .refused(code: code)
            default: return .unknown
            }
        case .unreadable, .none: return .unknown
        }
    }

    /// A page's id is its transaction's reference.
    public func readPage(_ id: String, currency: Currency) -> AskResult {
        verify(id)
    }

    /// Paystack has no call that closes a page: it is closed when nothing was paid on it so far, and a payment that comes later is given
    /// back (`domain.md` 7.8).
    public func close(_ object: OpenObject, currency: Currency) -> CloseResult {
        let id =
            switch object {
            case .page(let id), .intent(let id): id
            }
        switch verify(id) {
        case .paid(let payment): return .alreadyPaid(payment)
        case .notPaid, .notFound: return .closed
        case .stillUnknown: return .unknown
        }
    }

    public func refund(_ refund: RefundCall) -> RefundOutcome {
        guard let terms = gateway.terms(for: refund.amount.currency) else { return .refused(code: "currency_not_supported") }
        var body = JSONWriter()
        body.beginObject()
        body.member("transaction", refund.transaction)
        body.member("amount", terms.wireNumber(of: refund.amount))
        body.member("currency", refund.amount.currency.code)
        body.member("merchant_note", refund.key)
        body.endObject()
        switch post("/refund", body) {
        case .json(let status, let answer) where (200..<300).contains(status): return news(answer["data"])
        // A key that was withdrawn is our fault, not the refund's: it is told again with the next one.
        case .json(429, _), .json(401, _), .json(403, _): return .slowDown
        case .json(let status, _) where (400..<500).contains(status): return .refused(code: "http_\(status)")
        case .json, .unreadable, .none: return .unknown
        }
    }

    public func askRefund(_ refund: RefundCall) -> RefundOutcome {
        guard case .json(200, let list) = get("/refund?reference=\(PercentEncoding.encoded(refund.transaction))&perPage=\(Self.pageSize)"),
            let found = list["data"]?.elements
        else { return .unknown }
        let ours = found.first { $0["merchant_note"]?.text == refund.key }
        // A full page may be one of several.
        guard let ours else { return found.count < Self.pageSize ? .notFound : .unknown }
        return news(ours)
    }

    private func news(_ object: JSONValue?) -> RefundOutcome {
        guard let object, let id = Self.text(object["id"]) else { return .unknown }
        guard let news = Self.refundNews(object["status"]?.text ?? "") else { return .unknown }
        return .news(news, id: id)
    }

    /// Nil: a status that did not exist when this was written.
    static func refundNews(_ status: String) -> RefundNews? {
        switch status {
        case "processed": .succeeded
        case "pending", "processing", "needs-attention": .pending
        case "failed": .failed
        default: nil
        }
    }

    public func charges(from: Moment, to: Moment, cursor: String?) throws(ListingFailure) -> ChargeList {
        let page = cursor.flatMap { Int64($0) } ?? 1
        let query = FormFields.query([
            ("status", "success"), ("from", EventTime.text(microseconds: from.microseconds)),
            ("to", EventTime.text(microseconds: to.microseconds)), ("perPage", String(Self.pageSize)), ("page", String(page)),
        ])
        switch get("/transaction?\(query)") {
        case .json(200, let list):
            guard let found = list["data"]?.elements else { throw ListingFailure(reason: "a list without data", isRetriable: false) }
            let charges = found.compactMap { data in
                payment(of: data).map {
                    ListedCharge(transaction: $0.transaction, reference: $0.reference, amount: $0.amount, isFullyRefunded: false)
                }
            }
            return ChargeList(charges: charges, next: found.count == Self.pageSize ? String(page + 1) : nil)
        case .json(let status, _), .unreadable(let status):
            throw ListingFailure(reason: "http_\(status)", isRetriable: status == 429 || status >= 500)
        case .none: throw ListingFailure(reason: "no answer", isRetriable: true)
        }
    }
}
