/// Every failure code of Paystack with its class (`payment-facts.md` 2.4; network codes also 4, Visa's category 1: "issuer will never
/// approve").
public enum PaystackDeclines {
    /// A failure: its network code, its name, and where its class comes from.
    public struct Row: Hashable, Sendable {
        /// `response_code`, ISO 8583; cards only.
        public let responseCode: String
        /// `gateway_response_code`; nil where Paystack has no name for the network's code.
        public let name: String?
        public let kind: DeclineClass
        public let source: String

        init(_ responseCode: String, _ name: String?, _ kind: DeclineClass, _ source: String) {
            self.responseCode = responseCode
            self.name = name
            self.kind = kind
            self.source = source
        }
    }

    public static let rows = [
        Row("01", "refer_to_card_issuer", .soft, "2.4; as Stripe's call_issuer"),
        Row("02", "refer_to_card_issuer_special", .soft, "2.4; as Stripe's call_issuer"),
        Row("04", "pickup_card", .hard, "4: Visa category 1"),
        Row("05", "do_not_honor", .soft, "2.4; as Stripe's do_not_honor"),
        Row("06", "processing_error", .soft, "2.4; as Stripe's processing_error"),
        Row("07", "pickup_card_special", .hard, "4: Visa category 1"),
        Row("12", "invalid_transaction", .hard, "4: Visa category 1"),
        Row("13", "invalid_amount", .hard, "2.4; as Stripe's invalid_amount"),
        Row("14", "invalid_account_number", .hard, "4: Visa category 1"),
        Row("15", "no_such_issuer", .hard, "4: Visa category 1"),
        Row("19", "reenter_transaction", .soft, "2.4; as Stripe's reenter_transaction"),
        Row("33", "expired_card", .needsCustomer, "4: Visa category 3, fix data first"),
        Row("34", "suspected_fraud", .hard, "2.4; as Stripe's fraudulent"),
        Row("36", "restricted_card", .hard, "2.4; as Stripe's restricted_card"),
        Row("41", "pickup_lost_card", .hard, "4: Visa category 1"),
        Row("43", "pickup_stolen_card", .hard, "4: Visa category 1"),
        Row("45", "account_closed", .hard, "2.4; the account is gone"),
        Row("46", "identification_required", .hard, "4: Visa category 1, closed account, whatever Paystack calls it"),
        Row("51", "insufficient_funds", .soft, "2.4; as Stripe's insufficient_funds"),
        Row("54", "expired_card", .needsCustomer, "4: Visa category 3, fix data first"),
        Row("55", "invalid_pin", .needsCustomer, "4: Visa category 3, fix data first"),
        Row("57", "transaction_not_permitted_cardholder", .hard, "4: Visa category 1"),
        Row("59", "suspected_fraud", .hard, "2.4; as Stripe's fraudulent"),
        Row("61", "daily_limit_exceeded", .soft, "2.4; as Stripe's card_velocity_exceeded"),
        Row("62", "restricted_card", .hard, "2.4; as Stripe's restricted_card"),
        Row("63", "security_violation", .hard, "2.4; as Stripe's security_violation"),
        Row("65", "withdrawal_frequency_exceeded", .soft, "2.4; as Stripe's withdrawal_count_limit_exceeded"),
        Row("68", "response_received_too_late", .soft, "2.4; the transaction is stated as failed"),
        Row("75", "pin_tries_exceeded", .needsCustomer, "2.4; as Stripe's pin_try_exceeded"),
        Row("82", "cvv_verification_failed", .needsCustomer, "4: Visa category 3, fix data first"),
        Row("91", "issuer_or_switch_inoperative", .soft, "2.4; as Stripe's issuer_not_available"),
        Row("96", "system_malfunction", .soft, "2.4; as Stripe's processing_error"),
        Row("97", "transaction_timeout", .soft, "2.4; the transaction is stated as failed"),
        Row("R0", nil, .hard, "4: Visa category 1, payment stopped"),
        Row("R1", nil, .hard, "4: Visa category 1, authorization revoked"),
        Row("R3", nil, .hard, "4: Visa category 1, all authorizations revoked"),
    ]

    private static let byResponseCode = Dictionary(uniqueKeysWithValues: rows.map { ($0.responseCode, $0.kind) })

    private static let byName: [String: DeclineClass] = {
        var kinds: [String: DeclineClass] = [:]
        for row in rows {
            if let name = row.name { kinds[name] = kinds[name]?.stricter(row.kind) ?? row.kind }
        }
        return kinds
    }()

    /// The class of a transaction whose `data.status` is `failed`. Where both codes are there and disagree, the stricter class holds.
    /// The free text of `gateway_response` never decides.
    public static func decline(responseCode: String?, name: String?) -> Decline {
        let kinds = [responseCode.flatMap { byResponseCode[$0] }, name.flatMap { byName[$0] }].compactMap(\.self)
        let word = name ?? responseCode ?? "unknown"
        guard let first = kinds.first else { return Decline(.soft, code: word, isKnown: false) }
        return Decline(kinds.dropFirst().reduce(first) { $0.stricter($1) }, code: word)
    }
}
