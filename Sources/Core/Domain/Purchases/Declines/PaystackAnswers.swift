/// What Paystack's answers mean before anybody looks at a failure code (`payment-facts.md` 2.2, 2.3).
public enum PaystackAnswers {
    /// A refusal by its text: Paystack has no codes for these.
    public struct Row: Hashable, Sendable {
        public let message: String
        public let outcome: ChargeOutcome
        public let source: String
    }

    /// The answers of status 400 to a charge.
    public static let messages = [
        Row(
            message: "Authorization code is invalid",
            outcome: .declined(Decline(.needsCustomer, code: "authorization_invalid", retiresMethod: true)),
            source: "2.3: the code is unknown"),
        Row(
            message: "Email does not match Authorization code. Authorization may be inactive or belong to a different email. "
                + "Please confirm.",
            outcome: .declined(Decline(.needsCustomer, code: "authorization_inactive", retiresMethod: true)),
            source: "2.3: wrong e-mail, deactivated and not reusable share this text"),
        Row(
            message: "Currency not supported by merchant", outcome: .refused(code: "currency_not_supported"),
            source: "2.3: our account cannot charge it"),
        // The reference is that of an attempt, stored before the call: whoever used it was this attempt.
        Row(message: "Duplicate Transaction Reference", outcome: .unknown, source: "2.2: no replay of the first result, so verify"),
    ]

    /// The answer to `verify` for a reference that no transaction has (2.2: status 400, sometimes 404).
    public static let notFound = "Transaction reference not found"

    /// What an answer that is no 200 means for a charge.
    public static func outcome(status: Int, message: String?) -> ChargeOutcome {
        switch status {
        case 429: return .slowDown
        case 400:
            let known = messages.first { isSame($0.message, message ?? "") }
            return known?.outcome ?? .refused(code: "http_400")
        case 401, 403, 404: return .refused(code: "http_\(status)")
        default: return .unknown
        }
    }

    /// Whether `verify` found no transaction.
    public static func isNotFound(status: Int, message: String?) -> Bool {
        (status == 400 || status == 404) && isSame(notFound, message ?? "")
    }

    /// What `data.status` says about the charge (2.2).
    public enum TransactionState: Hashable, Sendable {
        case paid
        case failed
        /// Nobody was charged and nobody will be: the page was left, or the money went back.
        case notPaid
        case underWay
    }

    /// Nil: a status that did not exist when this was written, so nobody knows.
    public static func state(of status: String) -> TransactionState? {
        switch status {
        case "success": .paid
        case "failed": .failed
        case "abandoned", "reversed": .notPaid
        case "ongoing", "pending", "processing", "queued": .underWay
        default: nil
        }
    }

    /// Texts of refusals come with and without their full stop, and in changing case.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        plain(left) == plain(right)
    }

    private static func plain(_ text: String) -> String {
        var plain = text.lowercased().split(separator: " ").joined(separator: " ")
        while plain.hasSuffix(".") { plain.removeLast() }
        return plain
    }
}
