/// Stripe's `customer`, complete.
enum CustomerResource {
    static let noAddress: Node = ["city": nil, "country": nil, "line1": nil, "line2": nil, "postal_code": nil, "state": nil]

    static func make(now: Int64) -> Node {
        [
            "id": .text("cus_" + Identifiers.random(14)), "object": "customer", "address": nil, "balance": 0, "created": .number(now),
            "currency": nil, "default_source": nil, "delinquent": false, "description": nil, "discount": nil, "email": nil,
            "invoice_prefix": .text(Identifiers.random(8).uppercased()),
            "invoice_settings": ["custom_fields": nil, "default_payment_method": nil, "footer": nil, "rendering_options": nil],
            "livemode": false, "metadata": [:], "name": nil, "next_invoice_sequence": 1, "phone": nil, "preferred_locales": [],
            "shipping": nil, "tax_exempt": "none", "test_clock": nil,
        ]
    }

    /// An address as given, with every member.
    static func address(_ parameters: Parameters) throws(StripeProblem) -> Node {
        var address = noAddress
        for field in noAddress.fields { address[field.name] = .maybe(try parameters.text(field.name)) }
        return address
    }
}
