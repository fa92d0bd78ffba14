/// Stripe's `refund` and `dispute`, complete.
enum RefundResource {
    static func make(charge: Node, amount: Int64, now: Int64) -> Node {
        [
            "id": .text(Identifiers.stripe("re")), "object": "refund", "amount": .number(amount), "balance_transaction": nil,
            "charge": charge["id"], "created": .number(now), "currency": charge["currency"], "customer": charge["customer"],
            "customer_account": nil,
            "destination_details": [
                "card": ["reference": nil, "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"],
                "type": "card",
            ],
            "metadata": [:], "payment_intent": charge["payment_intent"], "payment_method": charge["payment_method"], "reason": nil,
            "receipt_number": nil, "source_transfer_reversal": nil, "status": "succeeded", "transfer_reversal": nil,
        ]
    }

    static func dispute(charge: Node, reason: String, isInquiry: Bool, now: Int64) -> Node {
        let week = Int64(7 * 86_400)
        return [
            "id": .text(Identifiers.stripe("du")), "object": "dispute", "amount": charge["amount"], "balance_transactions": [],
            "charge": charge["id"], "created": .number(now), "currency": charge["currency"], "enhanced_eligibility_types": [],
            "evidence": evidence,
            "evidence_details": [
                "due_by": .number(now + week), "enhanced_eligibility": [:], "has_evidence": false, "past_due": false,
                "submission_count": 0,
            ],
            "is_charge_refundable": .bool(isInquiry), "livemode": false, "metadata": [:], "payment_intent": charge["payment_intent"],
            "payment_method_details": [
                "card": [
                    "brand": charge["payment_method_details"]["card"]["brand"], "case_type": isInquiry ? "inquiry" : "chargeback",
                    "network": charge["payment_method_details"]["card"]["brand"],
                    "network_reason_code": reason == "fraudulent" ? "10.4" : "13.1",
                ],
                "type": "card",
            ],
            "reason": .text(reason), "status": isInquiry ? "warning_needs_response" : "needs_response",
        ]
    }

    private static let evidence: Node = {
        let names = """
            access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal \
            customer_communication customer_email_address customer_name customer_purchase_ip customer_signature \
            duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt refund_policy \
            refund_policy_disclosure refund_refusal_explanation service_date service_documentation shipping_address shipping_carrier \
            shipping_date shipping_documentation shipping_tracking_number uncategorized_file uncategorized_text
            """
        var evidence: Node = [:]
        for name in names.split(separator: " ") { evidence[String(name)] = nil }
        evidence["enhanced_evidence"] = [:]
        return evidence
    }()
}
