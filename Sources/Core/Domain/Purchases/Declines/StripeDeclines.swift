/// Every decline code of Stripe with its class (`payment-facts.md` 1.8: the 50 card codes of docs.stripe.com/declines/codes as of
/// 2026-09-18). Stripe publishes only which codes it never retries itself; the other rows are our own judgement of the descriptions.
public enum StripeDeclines {
    /// A code and where its class comes from.
    public struct Row: Hashable, Sendable {
        public let code: String
        public let source: String

        init(_ code: String, _ source: String) {
            self.code = code
            self.source = source
        }
    }

    /// May go through another day.
    public static let soft = [
        Row("insufficient_funds", "1.8 soft"),
        Row("card_velocity_exceeded", "1.8 soft"),
        Row("withdrawal_count_limit_exceeded", "1.8 soft"),
        Row("generic_decline", "1.8 soft"),
        Row("do_not_honor", "1.8 soft"),
        Row("call_issuer", "1.8 soft"),
        Row("no_action_taken", "1.8 soft"),
        Row("approve_with_id", "1.8 soft"),
        Row("issuer_not_available", "1.8 soft"),
        Row("processing_error", "1.8 soft: arrives as `code` alone"),
        Row("reenter_transaction", "1.8 soft"),
        Row("try_again_later", "1.8 soft: deprecated"),
        Row("duplicate_transaction", "1.8 soft: the ledger of attempts makes a real duplicate impossible: one attempt has one key"),
    ]

    /// Never again with this payment method.
    public static let hard = [
        Row("lost_card", "1.8 hard: smart-retries, non-retryable"),
        Row("stolen_card", "1.8 hard: smart-retries, non-retryable"),
        Row("pickup_card", "1.8 hard: smart-retries, non-retryable"),
        Row("restricted_card", "1.8 hard"),
        Row("fraudulent", "1.8 hard"),
        Row("merchant_blacklist", "1.8 hard"),
        Row("invalid_account", "1.8 hard"),
        Row("new_account_information_available", "1.8 hard"),
        Row("revocation_of_authorization", "1.8 hard: smart-retries, non-retryable"),
        Row("revocation_of_all_authorizations", "1.8 hard: smart-retries, non-retryable"),
        Row("stop_payment_order", "1.8 hard"),
        Row("security_violation", "1.8 hard"),
        Row("service_not_allowed", "1.8 hard"),
        Row("transaction_not_allowed", "1.8 hard: smart-retries, non-retryable"),
        Row("not_permitted", "1.8 hard"),
        Row("card_not_supported", "1.8 hard"),
        Row("currency_not_supported", "1.8 hard"),
        Row("do_not_try_again", "1.8 hard: deprecated"),
        Row("testmode_decline", "1.8 hard"),
        Row("incorrect_number", "1.8 hard: smart-retries, non-retryable"),
        Row("invalid_number", "1.8 hard"),
        Row("invalid_amount", "1.8 hard"),
    ]

    /// The customer has to act.
    public static let needsCustomer = [
        Row("expired_card", "1.8 customer action: arrives as `code` alone"),
        Row("incorrect_cvc", "1.8 customer action: arrives as `code` alone"),
        Row("invalid_cvc", "1.8 customer action"),
        Row("incorrect_zip", "1.8 customer action"),
        Row("incorrect_address", "1.8 customer action"),
        Row("invalid_expiry_month", "1.8 customer action"),
        Row("invalid_expiry_year", "1.8 customer action"),
        Row("incorrect_pin", "1.8 customer action"),
        Row("invalid_pin", "1.8 customer action"),
        Row("pin_try_exceeded", "1.8 customer action"),
        Row("offline_pin_required", "1.8 customer action"),
        Row("online_or_offline_pin_required", "1.8 customer action"),
        Row("authentication_required", "1.8 customer action: smart-retries, non-retryable; the customer can confirm it on a page"),
        Row("authentication_not_handled", "1.8 customer action"),
        Row("mobile_device_authentication_required", "1.8 customer action"),
    ]

    private static let classes: [String: DeclineClass] = {
        var classes: [String: DeclineClass] = [:]
        for (rows, kind) in [(soft, DeclineClass.soft), (hard, .hard), (needsCustomer, .needsCustomer)] {
            for row in rows { classes[row.code] = kind }
        }
        return classes
    }()

    /// `advice_code` is about this very charge and beats the table.
    private static let advice: [String: DeclineClass] = [
        "do_not_try_again": .hard, "confirm_card_data": .needsCustomer, "try_again_later": .soft,
    ]

    /// A charge `outcome.reason`, not a decline code, which Stripe never retries either.
    private static let highestRisk = "highest_risk_level"

    /// The class of a 402 answer.
    ///
    /// - Parameters:
    ///   - code: `error.code`; where it says no more than `card_declined`, the decline code counts.
    ///   - declineCode: `error.decline_code`.
    ///   - adviceCode: `error.advice_code`, or the charge's `outcome.advice_code`.
    ///   - outcomeReason: the charge's `outcome.reason`.
    public static func decline(code: String?, declineCode: String?, adviceCode: String? = nil, outcomeReason: String? = nil) -> Decline {
        let word = declineCode ?? code ?? "card_declined"
        if let adviceCode, let kind = advice[adviceCode] { return Decline(kind, code: word) }
        if outcomeReason == highestRisk { return Decline(.hard, code: highestRisk) }
        guard let kind = classes[word] else { return Decline(.soft, code: word, isKnown: false) }
        return Decline(kind, code: word)
    }
}
