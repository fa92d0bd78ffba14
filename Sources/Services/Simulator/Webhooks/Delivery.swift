import Crypto

/// One event on its way to one address.
struct Delivery: Sendable {
    let gateway: String
    let event: String
    let type: String
    let url: String
    let secret: String
    let body: [UInt8]
    /// How often it was tried.
    var attempts = 0
    /// When it is to be tried next, nanoseconds of the monotonic clock.
    var due: Int64 = 0

    /// The header that proves who sends it, made anew for each try (payment-facts.md 1.12, 2.5).
    func signature(now: Int64) -> (name: String, value: String) {
        switch gateway {
        case "paystack": ("x-paystack-signature", WebhookSignature.paystack(body, secret: secret))
        default: ("Stripe-Signature", WebhookSignature.stripe(body, secret: secret, timestamp: now))
        }
    }
}

/// How the two gateways sign.
enum WebhookSignature {
    /// `t=<unix>,v1=<hex>` over the time, a point, and the raw body.
    static func stripe(_ body: [UInt8], secret: String, timestamp: Int64) -> String {
        let message = Array("\(timestamp).".utf8) + body
        return "t=\(timestamp),v1=\(MessageAuthentication.sha256(key: Array(secret.utf8), message).hex)"
    }

    /// Hexadecimal digits over the raw body, under the secret key itself.
    static func paystack(_ body: [UInt8], secret: String) -> String {
        Hex.encode(MessageAuthentication.sha512(key: Array(secret.utf8), body))
    }
}
