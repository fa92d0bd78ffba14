/// What a Nigerian switch says to a charge: the network's code, Paystack's name for it, and the words (payment-facts.md 2.4).
struct GatewayResponse: Sendable, Equatable {
    let responseCode: String
    let code: String
    let text: String

    static let approved = GatewayResponse(responseCode: "00", code: "approved", text: "Approved")

    /// By either code; an unlisted one is kept as the network's and called `unknown`.
    static func decline(_ name: String) -> GatewayResponse {
        if let known = declines.first(where: { $0.code == name || $0.responseCode == name }) { return known }
        if name == "generic_decline" { return declines[4] }
        return GatewayResponse(responseCode: name.count == 2 ? name : "06", code: "unknown", text: "Declined")
    }

    static let declines: [GatewayResponse] = [
        GatewayResponse(responseCode: "01", code: "refer_to_card_issuer", text: "Refer to Card Issuer"),
        GatewayResponse(responseCode: "02", code: "refer_to_card_issuer_special", text: "Refer to Card Issuer, Special Condition"),
        GatewayResponse(responseCode: "04", code: "pickup_card", text: "Pick-Up Card"),
        GatewayResponse(responseCode: "07", code: "pickup_card_special", text: "Pick-Up Card, Special Condition"),
        GatewayResponse(responseCode: "05", code: "do_not_honor", text: "Declined"),
        GatewayResponse(responseCode: "06", code: "processing_error", text: "Error"),
        GatewayResponse(responseCode: "12", code: "invalid_transaction", text: "Invalid Transaction"),
        GatewayResponse(responseCode: "13", code: "invalid_amount", text: "Invalid Amount"),
        GatewayResponse(responseCode: "14", code: "invalid_account_number", text: "Invalid Card Number"),
        GatewayResponse(responseCode: "15", code: "no_such_issuer", text: "No Such Issuer"),
        GatewayResponse(responseCode: "19", code: "reenter_transaction", text: "Re-enter Transaction"),
        GatewayResponse(responseCode: "33", code: "expired_card", text: "Expired card"),
        GatewayResponse(responseCode: "34", code: "suspected_fraud", text: "Suspected Fraud"),
        GatewayResponse(responseCode: "36", code: "restricted_card", text: "Restricted Card"),
        GatewayResponse(responseCode: "41", code: "pickup_lost_card", text: "Lost Card, Pick-Up"),
        GatewayResponse(responseCode: "43", code: "pickup_stolen_card", text: "Stolen Card, Pick-Up"),
        GatewayResponse(responseCode: "45", code: "account_closed", text: "Account Closed"),
        GatewayResponse(responseCode: "46", code: "identification_required", text: "Identification Required"),
        GatewayResponse(responseCode: "51", code: "insufficient_funds", text: "Insufficient Funds"),
        GatewayResponse(responseCode: "54", code: "expired_card", text: "Expired card"),
        GatewayResponse(responseCode: "55", code: "invalid_pin", text: "Incorrect PIN"),
        GatewayResponse(
            responseCode: "57", code: "transaction_not_permitted_cardholder", text: "Transaction not Permitted to Cardholder"),
        GatewayResponse(responseCode: "59", code: "suspected_fraud", text: "Suspected Fraud"),
        GatewayResponse(responseCode: "61", code: "daily_limit_exceeded", text: "Exceeds Withdrawal Limit"),
        GatewayResponse(responseCode: "62", code: "restricted_card", text: "Restricted Card"),
        GatewayResponse(responseCode: "63", code: "security_violation", text: "Security Violation"),
        GatewayResponse(responseCode: "65", code: "withdrawal_frequency_exceeded", text: "Exceeds Withdrawal Frequency"),
        GatewayResponse(responseCode: "68", code: "response_received_too_late", text: "Response Received Too Late"),
        GatewayResponse(responseCode: "75", code: "pin_tries_exceeded", text: "PIN Tries Exceeded"),
        GatewayResponse(responseCode: "82", code: "cvv_verification_failed", text: "CVV Verification Failed"),
        GatewayResponse(responseCode: "91", code: "issuer_or_switch_inoperative", text: "Issuer or Switch Inoperative"),
        GatewayResponse(responseCode: "96", code: "system_malfunction", text: "System Malfunction"),
        GatewayResponse(responseCode: "97", code: "transaction_timeout", text: "Transaction Timeout"),
    ]
}
