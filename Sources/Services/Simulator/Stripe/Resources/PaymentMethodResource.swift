/// Stripe's `payment_method` of type `card`, complete.
enum PaymentMethodResource {
    static func make(_ method: TestMethod, now: Int64) -> Node {
        [
            "id": .text(Identifiers.stripe("pm")), "object": "payment_method", "allow_redisplay": "unspecified",
            "billing_details": noDetails,
            "card": [
                "brand": .text(method.brand),
                "checks": ["address_line1_check": nil, "address_postal_code_check": nil, "cvc_check": "pass"], "country": "US",
                "display_brand": .text(method.brand), "exp_month": 8, "exp_year": 2034, "fingerprint": .text(fingerprint(method)),
                "funding": "credit", "generated_from": nil, "last4": .text(method.last4),
                "networks": ["available": [.text(method.brand)], "preferred": nil], "regulated_status": "unregulated",
                "three_d_secure_usage": ["supported": true], "wallet": nil,
            ],
            "created": .number(now), "customer": nil, "customer_account": nil, "livemode": false, "metadata": [:], "type": "card",
            "_method": .text(method.name), "_set_up": false,
        ]
    }

    static let noDetails: Node = ["address": CustomerResource.noAddress, "email": nil, "name": nil, "phone": nil, "tax_id": nil]

    /// What stands behind it; success for one whose name is no longer known.
    static func testMethod(of method: Node) -> TestMethod {
        method["_method"].text.flatMap { TestMethod.named($0) } ?? TestMethod(name: "pm_card_visa")
    }

    /// Stripe's is the same for one card number.
    private static func fingerprint(_ method: TestMethod) -> String {
        var seed: UInt64 = 14_695_981_039_346_656_037
        for byte in "\(method.brand)\(method.last4)".utf8 { seed = (seed ^ UInt64(byte)) &* 1_099_511_628_211 }
        let text = String(seed, radix: 36)
        return String((text + text + text).prefix(16))
    }
}
