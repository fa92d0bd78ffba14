/// Stripe's `payment_intent` and `setup_intent`, complete.
enum PaymentIntentResource {
    static func make(amount: Int64, currency: String, now: Int64) -> Node {
        let id = Identifiers.stripe("pi")
        return [
            "id": .text(id), "object": "payment_intent", "amount": .number(amount), "amount_capturable": 0,
            "amount_details": ["tip": [:]], "amount_received": 0, "application": nil, "application_fee_amount": nil,
            "automatic_payment_methods": nil, "canceled_at": nil, "cancellation_reason": nil, "capture_method": "automatic",
            "client_secret": .text("\(id)_secret_\(Identifiers.random(25))"), "confirmation_method": "automatic",
            "created": .number(now), "currency": .text(currency), "customer": nil, "customer_account": nil, "description": nil,
            "excluded_payment_method_types": nil, "last_payment_error": nil, "latest_charge": nil, "livemode": false,
            "managed_payments": nil, "metadata": [:], "next_action": nil, "on_behalf_of": nil, "payment_method": nil,
            "payment_method_configuration_details": nil,
            "payment_method_options": ["card": ["installments": nil, "mandate_options": nil, "network": nil]],
            "payment_method_types": ["card"], "processing": nil, "receipt_email": nil, "review": nil, "setup_future_usage": nil,
            "shipping": nil, "source": nil, "statement_descriptor": nil, "statement_descriptor_suffix": nil,
            "status": "requires_payment_method", "transfer_data": nil, "transfer_group": nil,
        ]
    }

    static func makeSetup(now: Int64) -> Node {
        let id = Identifiers.stripe("seti")
        return [
            "id": .text(id), "object": "setup_intent", "application": nil, "automatic_payment_methods": nil,
            "cancellation_reason": nil, "client_secret": .text("\(id)_secret_\(Identifiers.random(31))"), "created": .number(now),
            "customer": nil, "customer_account": nil, "description": nil, "excluded_payment_method_types": nil, "flow_directions": nil,
            "last_setup_error": nil, "latest_attempt": nil, "livemode": false, "mandate": nil, "metadata": [:], "next_action": nil,
            "on_behalf_of": nil, "payment_method": nil, "payment_method_configuration_details": nil,
            "payment_method_options": ["card": ["mandate_options": nil, "network": nil, "request_three_d_secure": "automatic"]],
            "payment_method_types": ["card"], "single_use_mandate": nil, "status": "requires_payment_method", "usage": "off_session",
        ]
    }
}
