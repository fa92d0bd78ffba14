public import Domain
import HTTP
import Messages

/// Pages, saved authorizations, refunds, and the list of transactions (`payment-facts.md` 2.2 to 2.5).
extension PaystackGateway {
    public func openPage(_ attempt: ChargeAttempt, _ page: PageRequest) -> PageOutcome {
        guard let email = page.email, let amount = gateway.wireAmount(of: attempt.total) else { return .refused(code: "email_missing") }
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

    /// An authorization is found at the customer to whose e-mail it is bound.
    public func readMethod(_ reference: String, email: String?) -> MethodOutcome {
        guard let email else { return .refused(code: "email_missing") }
        switch get("/customer/\(PercentEncoding.encoded(email))") {
        case .json(200, let answer):
            let authorizations = answer["data"]?["authorizations"]?.elements ?? []
            guard let found = authorizations.first(where: { $0["authorization_code"]?.text == reference }) else { return .notFound }
            return .found(details(found, reference))
        case .json(404, _): return .notFound
        case .json(let status, _) where (400..<500).contains(status) && status != 429: return .refused(code: "http_\(status)")
        case .json, .unreadable, .none: return .unknown
        }
    }

    private func details(_ authorization: JSONValue, _ reference: String) -> MethodDetails {
        var expiry: Month?
        if let year = Self.number(authorization["exp_year"]), let month = Self.number(authorization["exp_month"]), (1...12).contains(month)
        {
            expiry = Month(year: year, month: month)
        }
        // Seen with a space at its end (`payment-facts.md` 2.3).
        let brand = (authorization["brand"]?.text ?? authorization["card_type"]?.text)?.split(separator: " ").joined(separator: " ")
        return MethodDetails(
            reference: reference, customer: nil, brand: brand, lastFour: authorization["last4"]?.text, expiry: expiry,
            isReusable: authorization["reusable"]?.bool == true)
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
        case .json(429, _): return .slowDown
        case .json(let status, _) where (400..<500).contains(status): return .refused(code: "http_\(status)")
        case .json, .unreadable, .none: return .unknown
        }
    }

    public func askRefund(_ refund: RefundCall) -> RefundOutcome {
        guard case .json(200, let list) = get("/refund?reference=\(PercentEncoding.encoded(refund.transaction))&perPage=100"),
            let found = list["data"]?.elements
        else { return .unknown }
        let ours = found.first { $0["merchant_note"]?.text == refund.key }
        return ours.map { news($0) } ?? .notFound
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
            ("to", EventTime.text(microseconds: to.microseconds)), ("perPage", "100"), ("page", String(page)),
        ])
        switch get("/transaction?\(query)") {
        case .json(200, let list):
            guard let found = list["data"]?.elements else { throw ListingFailure(reason: "a list without data", isRetriable: false) }
            let charges = found.compactMap { data in
                payment(of: data).map {
                    ListedCharge(transaction: $0.transaction, reference: $0.reference, amount: $0.amount, isFullyRefunded: false)
                }
            }
            return ChargeList(charges: charges, next: found.count == 100 ? String(page + 1) : nil)
        case .json(let status, _), .unreadable(let status):
            throw ListingFailure(reason: "http_\(status)", isRetriable: status == 429 || status >= 500)
        case .none: throw ListingFailure(reason: "no answer", isRetriable: true)
        }
    }
}
