/// Stripe's `charge` and `balance_transaction`, complete.
enum ChargeResource {
    /// A charge for an intent. Its outcome is filled in afterwards.
    static func make(intent: Node, method: Node, amount: Int64, captured: Bool, publicURL: String, now: Int64) -> Node {
        let id = Identifiers.stripe("ch")
        return [
            "id": .text(id), "object": "charge", "amount": .number(amount), "amount_captured": captured ? .number(amount) : 0,
            "amount_refunded": 0, "application": nil, "application_fee": nil, "application_fee_amount": nil, "balance_transaction": nil,
            "billing_details": method["billing_details"], "calculated_statement_descriptor": "PURSER", "captured": .bool(captured),
            "created": .number(now), "currency": intent["currency"], "customer": intent["customer"], "description": intent["description"],
            "disputed": false, "failure_balance_transaction": nil, "failure_code": nil, "failure_message": nil, "fraud_details": [:],
            "livemode": false, "metadata": intent["metadata"], "on_behalf_of": nil, "outcome": approved, "paid": true,
            "payment_intent": intent["id"], "payment_method": method["id"],
            "payment_method_details": details(method, amount: amount, captured: captured), "receipt_email": intent["receipt_email"],
            "receipt_number": nil, "receipt_url": .text("\(publicURL)/_pages/receipts/\(id)"), "refunded": false,
            "refunds": [
                "object": "list", "data": [], "has_more": false, "url": .text("/v1/charges/\(id)/refunds"),
            ],
            "review": nil, "shipping": nil, "source": nil, "source_transfer": nil,
            "statement_descriptor": intent["statement_descriptor"], "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
            "status": "succeeded", "transfer_data": nil, "transfer_group": nil,
        ]
    }

    private static let approved: Node = [
        "advice_code": nil, "network_advice_code": nil, "network_decline_code": nil, "network_status": "approved_by_network",
        "reason": nil, "risk_level": "normal", "risk_score": 12, "seller_message": "Payment complete.", "type": "authorized",
    ]

    private static func details(_ method: Node, amount: Int64, captured: Bool) -> Node {
        let card = method["card"]
        return [
            "card": [
                "amount_authorized": .number(amount), "authorization_code": .text(Identifiers.random(6).uppercased()),
                "brand": card["brand"],
                "checks": card["checks"], "country": card["country"], "exp_month": card["exp_month"], "exp_year": card["exp_year"],
                "extended_authorization": ["status": "disabled"], "fingerprint": card["fingerprint"], "funding": card["funding"],
                "incremental_authorization": ["status": "unavailable"], "installments": nil, "last4": card["last4"], "mandate": nil,
                "multicapture": ["status": "unavailable"], "network": card["brand"], "network_token": ["used": false],
                "network_transaction_id": .text(Identifiers.random(15)),
                "overcapture": ["maximum_amount_capturable": .number(amount), "status": "unavailable"],
                "regulated_status": "unregulated", "three_d_secure": nil, "transaction_link_id": nil, "wallet": nil,
            ],
            "type": "card",
        ]
    }

    static func balanceTransaction(of source: Node, amount: Int64, type: String, now: Int64) -> Node {
        [
            "id": .text(Identifiers.stripe("txn")), "object": "balance_transaction", "amount": .number(amount),
            "available_on": .number(now), "balance_type": "payments", "created": .number(now), "currency": source["currency"],
            "description": source["description"], "exchange_rate": nil, "fee": 0, "fee_details": [], "net": .number(amount),
            "reporting_category": .text(type), "source": source["id"], "status": "available", "type": .text(type),
        ]
    }
}
