/// Why an issuer says no, in Stripe's words (payment-facts.md 1.8).
struct Decline: Sendable, Equatable {
    let code: String
    /// Beats every static list of the caller's.
    let advice: String?

    /// With the advice that goes with the code, or another.
    init(_ code: String, advice: String? = nil) {
        self.code = code
        self.advice = advice ?? Decline.advices[code]
    }

    /// From the name of a simulator's method: `insufficient_funds`, or with an advice `insufficient_funds__do_not_try_again`.
    init?(methodSuffix text: some StringProtocol) {
        let parts = text.split(separator: "__", maxSplits: 1).map { String($0) }
        guard let code = parts.first, code.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F || (0x30...0x39).contains($0) })
        else { return nil }
        self.init(code, advice: parts.count == 2 ? parts[1] : nil)
    }

    /// The member `code` of the error: some declines have one of their own, all others share one (docs.stripe.com/testing).
    var errorCode: String { Decline.ownErrorCodes.contains(code) ? code : "card_declined" }

    /// Stripe leaves `decline_code` out where `code` says it all.
    var declineCode: String? {
        Decline.ownErrorCodes.contains(code) && code != "authentication_required" ? nil : code
    }

    private static let ownErrorCodes: Set<String> = [
        "expired_card", "incorrect_cvc", "invalid_cvc", "processing_error", "incorrect_number", "invalid_number", "incorrect_zip",
        "incorrect_address", "invalid_expiry_month", "invalid_expiry_year", "authentication_required",
    ]

    /// `confirm_card_data` where the customer typed something wrong, `do_not_try_again` where the network forbids it, `try_again_later`
    /// where it expects another attempt. Codes that are not here come without an advice, as they may from Stripe.
    private static let advices: [String: String] = [
        "insufficient_funds": "try_again_later", "generic_decline": "try_again_later", "processing_error": "try_again_later",
        "issuer_not_available": "try_again_later", "card_velocity_exceeded": "try_again_later",
        "withdrawal_count_limit_exceeded": "try_again_later", "reenter_transaction": "try_again_later",
        "lost_card": "do_not_try_again", "stolen_card": "do_not_try_again", "pickup_card": "do_not_try_again",
        "invalid_account": "do_not_try_again", "revocation_of_authorization": "do_not_try_again",
        "revocation_of_all_authorizations": "do_not_try_again", "stop_payment_order": "do_not_try_again",
        "expired_card": "confirm_card_data", "incorrect_cvc": "confirm_card_data", "invalid_cvc": "confirm_card_data",
        "incorrect_number": "confirm_card_data", "invalid_number": "confirm_card_data", "incorrect_zip": "confirm_card_data",
        "invalid_expiry_month": "confirm_card_data", "invalid_expiry_year": "confirm_card_data",
    ]

    /// The two characters that the network gave (ISO 8583), where a code has usual ones.
    private static let networkCodes: [String: String] = [
        "generic_decline": "05", "do_not_honor": "05", "insufficient_funds": "51", "lost_card": "41", "stolen_card": "43",
        "expired_card": "54", "pickup_card": "04", "invalid_account": "14", "transaction_not_allowed": "57", "restricted_card": "62",
        "card_velocity_exceeded": "61", "withdrawal_count_limit_exceeded": "65", "incorrect_pin": "55", "pin_try_exceeded": "75",
        "issuer_not_available": "91", "processing_error": "96", "incorrect_cvc": "82", "security_violation": "63", "fraudulent": "59",
        "stop_payment_order": "R0", "revocation_of_authorization": "R1", "revocation_of_all_authorizations": "R3",
    ]

    var networkCode: String? { Decline.networkCodes[code] }

    var message: String {
        switch code {
        case "insufficient_funds": "Your card has insufficient funds."
        case "expired_card": "Your card has expired."
        case "incorrect_cvc", "invalid_cvc": "Your card's security code is incorrect."
        case "processing_error": "An error occurred while processing your card. Try again in a little bit."
        case "incorrect_number", "invalid_number": "Your card number is incorrect."
        case "card_not_supported": "Your card does not support this type of purchase."
        case "authentication_required": "Your card was declined. This transaction requires authentication."
        default: "Your card was declined."
        }
    }
}
