public import Domain
import HTTP
import Messages

/// Refunds (`payment-facts.md` 1.10), and the list of charges.
extension StripeGateway {
    public func refund(_ refund: RefundCall) -> RefundOutcome {
        guard let terms = gateway.terms(for: refund.amount.currency) else { return .refused(code: "currency_not_supported") }
        var form = FormFields()
        form.add("payment_intent", refund.transaction)
        // A refund may be smaller than the smallest charge, so only the number's form matters.
        form.add("amount", terms.wireNumber(of: refund.amount))
        form.add("metadata[purchase_reference_id]", refund.reference)
        form.add("metadata[refund_key]", refund.key)
        switch post("/v1/refunds", form, key: refund.round == 0 ? refund.key : "\(refund.key)-\(refund.round)") {
        case .json(200, let object): return news(object)
        // A key that was withdrawn is our fault, not the refund's: it is told again with the next one.
        case .json(429, _), .json(401, _), .json(403, _): return .slowDown
        case .json(409, _): return .unknown
        case .json(let status, let body) where (400..<500).contains(status): return .refused(code: code(status, body))
        case .json, .unreadable, .none: return .unknown
        }
    }

    public func askRefund(_ refund: RefundCall) -> RefundOutcome {
        var query = FormFields()
        query.add("payment_intent", refund.transaction)
        query.add("limit", "100")
        guard case .json(200, let list) = get("/v1/refunds", query), let found = list["data"]?.elements else { return .unknown }
        let ours = found.first { $0["metadata"]?["refund_key"]?.text == refund.key }
        guard let ours else { return list["has_more"]?.bool == true ? .unknown : .notFound }
        return news(ours)
    }

    private func news(_ object: JSONValue) -> RefundOutcome {
        guard let id = object["id"]?.text, let status = object["status"]?.text, let news = Self.refundNews(status) else { return .unknown }
        return .news(news, id: id)
    }

    /// Nil: a status that did not exist when this was written.
    static func refundNews(_ status: String) -> RefundNews? {
        switch status {
        case "succeeded": .succeeded
        case "pending", "requires_action": .pending
        case "failed", "canceled": .failed
        default: nil
        }
    }

    public func charges(from: Moment, to: Moment, cursor: String?) throws(ListingFailure) -> ChargeList {
        var query = FormFields()
        query.add("created[gte]", from.microseconds / 1_000_000)
        query.add("created[lt]", to.microseconds / 1_000_000)
        query.add("limit", "100")
        query.add("starting_after", cursor)
        switch get("/v1/charges", query) {
        case .json(200, let list):
            guard let found = list["data"]?.elements else { throw ListingFailure(reason: "a list without data", isRetriable: false) }
            let more = list["has_more"]?.bool == true
            return ChargeList(charges: found.compactMap(listed), next: more ? found.last?["id"]?.text : nil)
        case .json(let status, let body):
            throw ListingFailure(reason: code(status, body), isRetriable: status == 429 || status >= 500)
        case .unreadable(let status): throw ListingFailure(reason: "http_\(status)", isRetriable: true)
        case .none: throw ListingFailure(reason: "no answer", isRetriable: true)
        }
    }

    private func listed(_ charge: JSONValue) -> ListedCharge? {
        guard charge["status"]?.text == "succeeded", let id = charge["payment_intent"]?.text ?? charge["id"]?.text else { return nil }
        return ListedCharge(
            transaction: id, reference: charge["metadata"]?["purchase_reference_id"]?.text,
            amount: money(charge["amount"], charge["currency"]), isFullyRefunded: charge["refunded"]?.bool == true)
    }
}
