/// What Stripe's answers mean before anybody looks at a decline code (`payment-facts.md` 1.4 to 1.7).
public enum StripeAnswers {
    /// What an error's HTTP status leads to; nil for 402, where the decline decides.
    ///
    /// - Parameter type: `error.type`; an `idempotency_error` says that this key was used for another call, so an attempt exists already
    ///   and has to be found, not given up.
    public static func outcome(status: Int, type: String?, code: String?) -> ChargeOutcome? {
        switch status {
        case 402: nil
        case 429: .slowDown
        // 1.6: the SDK takes a 400 with this code for a 429.
        case 400 where code == "rate_limit": .slowDown
        case 400 where type == "idempotency_error": .unknown
        case 400, 401, 403, 404: .refused(code: code ?? "http_\(status)")
        // 409 is the same key still running; 5xx may have charged (1.4: "indeterminate").
        default: .unknown
        }
    }

    /// What a PaymentIntent's status says about the charge (1.5).
    public enum IntentState: Hashable, Sendable {
        case paid
        case needsCustomer
        /// The newest attempt was declined: `last_payment_error` says why.
        case declined
        case underWay
        case closed
    }

    /// Nil: a status that did not exist when this was written, so nobody knows.
    public static func state(ofIntent status: String) -> IntentState? {
        switch status {
        case "succeeded": .paid
        case "requires_action": .needsCustomer
        case "requires_payment_method": .declined
        // We never ask for manual capture, nor create an intent without confirming it: both are on their way.
        case "processing", "requires_confirmation", "requires_capture": .underWay
        case "canceled": .closed
        default: nil
        }
    }
}
