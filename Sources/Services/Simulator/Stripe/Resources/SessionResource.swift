/// Stripe's `checkout.session` and its line items, complete.
enum SessionResource {
    static func make(mode: String, now: Int64) -> Node {
        [
            "id": .text("cs_test_a1" + Identifiers.random(56)), "object": "checkout.session", "adaptive_pricing": ["enabled": false],
            "after_expiration": nil, "allow_promotion_codes": nil, "amount_subtotal": nil, "amount_total": nil,
            "automatic_tax": ["enabled": false, "liability": nil, "provider": nil, "status": nil], "billing_address_collection": nil,
            "cancel_url": nil, "client_reference_id": nil, "client_secret": nil, "collected_information": nil, "consent": nil,
            "consent_collection": nil, "created": .number(now), "currency": nil, "currency_conversion": nil, "custom_fields": [],
            "custom_text": [
                "after_submit": nil, "shipping_address": nil, "submit": nil, "terms_of_service_acceptance": nil,
            ],
            "customer": nil, "customer_account": nil, "customer_creation": "if_required", "customer_details": nil,
            "customer_email": nil, "discounts": [], "expires_at": .number(now + 86_400), "integration_identifier": nil, "invoice": nil,
            "invoice_creation": [
                "enabled": false,
                "invoice_data": [
                    "account_tax_ids": nil, "custom_fields": nil, "description": nil, "footer": nil, "issuer": nil, "metadata": [:],
                    "rendering_options": nil,
                ],
            ],
            "livemode": false, "locale": nil, "managed_payments": ["enabled": false], "metadata": [:], "mode": .text(mode),
            "origin_context": nil, "payment_intent": nil, "payment_link": nil, "payment_method_collection": "if_required",
            "payment_method_configuration_details": nil,
            "payment_method_options": ["card": ["request_three_d_secure": "automatic"]], "payment_method_types": ["card"],
            "payment_status": "unpaid", "permissions": nil, "phone_number_collection": ["enabled": false], "recovered_from": nil,
            "saved_payment_method_options": nil, "setup_intent": nil, "shipping_address_collection": nil, "shipping_cost": nil,
            "shipping_options": [], "status": "open", "submit_type": nil, "subscription": nil, "success_url": nil,
            "total_details": ["amount_discount": 0, "amount_shipping": 0, "amount_tax": 0], "ui_mode": "hosted_page", "url": nil,
            "wallet_options": nil,
        ]
    }

    static func item(name: String, unitAmount: Int64, quantity: Int64, currency: String, now: Int64) -> Node {
        let total = Node.number(unitAmount * quantity)
        return [
            "id": .text(Identifiers.stripe("li")), "object": "item", "adjustable_quantity": nil, "amount_discount": 0,
            "amount_subtotal": total, "amount_tax": 0, "amount_total": total, "currency": .text(currency), "description": .text(name),
            "metadata": [:],
            "price": [
                "id": .text(Identifiers.stripe("price")), "object": "price", "active": false, "billing_scheme": "per_unit",
                "created": .number(now), "currency": .text(currency), "custom_unit_amount": nil, "livemode": false, "lookup_key": nil,
                "metadata": [:], "nickname": nil, "product": .text("prod_" + Identifiers.random(14)), "recurring": nil,
                "tax_behavior": "unspecified", "tiers_mode": nil, "transform_quantity": nil, "type": "one_time",
                "unit_amount": .number(unitAmount), "unit_amount_decimal": .text(String(unitAmount)),
            ],
            "quantity": .number(quantity),
        ]
    }
}
