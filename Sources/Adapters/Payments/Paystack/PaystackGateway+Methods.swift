import Domain
import HTTP
import Messages

/// Saved authorizations (`payment-facts.md` 2.3).
extension PaystackGateway {
    /// Paystack has no page without a payment on it.
    public func openMethodPage(_ request: MethodPageRequest) -> PageOutcome {
        .refused(code: "checkout_not_supported")
    }

    public func readMethodPage(_ id: String) -> MethodOutcome {
        .notFound
    }

    /// An authorization is found at the customer to whose e-mail it is bound; nothing is changed there.
    public func adoptMethod(_ reference: String, email: String?, organization: String, key: String) -> MethodOutcome {
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
}
