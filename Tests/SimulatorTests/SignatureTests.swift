import Testing

@testable import Simulator

/// Signatures as computed by `stripe.WebhookSignature` and by Python's `hmac`.
@Suite("Webhook signatures")
struct SignatureTests {
    @Test("Stripe: the time, a point and the body under the whole secret")
    func stripe() {
        let text = WebhookSignature.stripe(Array(#"{"id":"evt_1"}"#.utf8), secret: "whsec_test", timestamp: 1_780_000_000)
        #expect(text == "t=1780000000,v1=a6cfe2114f40ec5193d0304c1e682c55fdabf04be55f4190b0c065017cb094af")
    }

    @Test("Paystack: the body under the secret key")
    func paystack() {
        let wanted =
            "e8daff118c1468ccfcddf6bb2a489971215ce9de45f89f93379544ecb3b1dc18"
            + "4574e8fca644dccedd2c715089b78b9369083cbc8c626aaeb11e545758f2e419"
        #expect(WebhookSignature.paystack(Array(#"{"event":"charge.success"}"#.utf8), secret: "sk_test_1") == wanted)
    }

    @Test("each try is signed anew")
    func anew() {
        let delivery = Delivery(gateway: "stripe", event: "e", type: "t", url: "u", secret: "whsec_test", body: [1])
        #expect(delivery.signature(now: 1).value != delivery.signature(now: 2).value)
        #expect(delivery.signature(now: 1).name == "Stripe-Signature")
    }
}
