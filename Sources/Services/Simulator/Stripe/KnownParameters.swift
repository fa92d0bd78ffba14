/// Which parameters Stripe knows where money or a customer is concerned, in API version 2026-10-28.endive: whoever misspells one there
/// should hear of it before he meets the real gateway. The names are those of the official Python package, 16.1.0.
enum KnownParameters {
    /// - Parameter pattern: the path with `*` for ids.
    static func check(_ pattern: String, _ parameters: Parameters) throws(StripeProblem) {
        guard let known = byPattern[pattern] else { return }
        for field in parameters.root.fields where !known.contains(field.name) && !endpointsOwn.contains(field.name) {
            throw .invalid(field.name, "Received unknown parameter: \(field.name)", code: "parameter_unknown")
        }
    }

    /// No longer known to Stripe, which answers it with an error of its own: the endpoints do.
    private static let endpointsOwn: Set<String> = ["payment_method_types"]

    private static let byPattern: [String: Set<String>] = names.mapValues { Set($0.split(separator: " ").map { String($0) }) }

    private static let names: [String: String] = [
        "/v1/payment_intents": """
        allowed_payment_method_types amount amount_details application_fee_amount automatic_payment_methods capture_method \
        confirm confirmation_method confirmation_token currency customer customer_account description error_on_requires_action \
        excluded_payment_method_types expand hooks mandate mandate_data metadata off_session on_behalf_of payment_details \
        payment_method payment_method_configuration payment_method_data payment_method_options radar_options receipt_email \
        return_url setup_future_usage shipping statement_descriptor statement_descriptor_suffix transfer_data transfer_group \
        use_stripe_sdk
        """,
        "/v1/payment_intents/*/confirm": """
        allowed_payment_method_types amount_details amount_to_confirm capture_method confirmation_token \
        error_on_requires_action excluded_payment_method_types expand hooks mandate mandate_data off_session payment_details \
        payment_method payment_method_data payment_method_options radar_options receipt_email return_url setup_future_usage \
        shipping use_stripe_sdk
        """,
        "/v1/payment_intents/*": """
        allowed_payment_method_types amount amount_details application_fee_amount capture_method currency customer \
        customer_account description excluded_payment_method_types expand hooks metadata payment_details payment_method \
        payment_method_configuration payment_method_data payment_method_options receipt_email setup_future_usage shipping \
        statement_descriptor statement_descriptor_suffix transfer_data transfer_group
        """,
        "/v1/payment_intents/*/capture": """
        amount_details amount_to_capture application_fee_amount expand final_capture hooks metadata payment_details \
        statement_descriptor statement_descriptor_suffix transfer_data
        """,
        "/v1/payment_intents/*/cancel": """
        cancellation_reason expand
        """,
        "/v1/customers": """
        address balance business_name cash_balance description email expand individual_name invoice_prefix invoice_settings \
        metadata name next_invoice_sequence payment_method phone preferred_locales shipping source tax tax_exempt tax_id_data \
        test_clock validate
        """,
        "/v1/customers/*": """
        address balance business_name cash_balance default_source description email expand individual_name invoice_prefix \
        invoice_settings metadata name next_invoice_sequence phone preferred_locales shipping source tax tax_exempt validate
        """,
        "/v1/refunds": """
        amount charge currency customer expand instructions_email metadata origin payment_intent reason refund_application_fee \
        reverse_transfer
        """,
        "/v1/checkout/sessions": """
        adaptive_pricing after_expiration allow_promotion_codes allowed_payment_method_types automatic_tax \
        billing_address_collection branding_settings cancel_url client_reference_id consent_collection currency custom_fields \
        custom_text customer customer_account customer_creation customer_email customer_update discounts \
        excluded_payment_method_types expand expires_at integration_identifier invoice_creation line_items locale \
        managed_payments metadata mode name_collection optional_items origin_context payment_intent_data \
        payment_method_collection payment_method_configuration payment_method_data payment_method_options permissions \
        phone_number_collection redirect_on_completion return_url saved_payment_method_options setup_intent_data \
        shipping_address_collection shipping_options submit_type subscription_data success_url tax_id_collection ui_mode \
        wallet_options
        """,
        "/v1/setup_intents": """
        allowed_payment_method_types attach_to_self automatic_payment_methods confirm confirmation_token customer \
        customer_account description excluded_payment_method_types expand flow_directions mandate_data metadata on_behalf_of \
        payment_method payment_method_configuration payment_method_data payment_method_options return_url single_use usage \
        use_stripe_sdk
        """,
        "/v1/setup_intents/*/confirm": """
        allowed_payment_method_types confirmation_token expand mandate_data payment_method payment_method_data \
        payment_method_options return_url use_stripe_sdk
        """,
        "/v1/payment_methods/*/attach": """
        customer customer_account expand
        """,
    ]
}
