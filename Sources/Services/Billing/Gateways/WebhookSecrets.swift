import Domain
import Messages
import Payments
import Runtime

/// What webhooks are signed with.
struct WebhookSecrets {
    /// Two while one is rolled, separated by a comma.
    private let stripe: [String]
    private let paystack: [String]

    init(_ configuration: Configuration) {
        stripe = Self.list(configuration.text(.stripeWebhookSecret))
        paystack = Self.list(configuration.text(.paystackSecretKey))
    }

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0) }
    }

    /// Verifies the raw bytes and reads them.
    /// - Throws: a refusal; a retry with the same bytes makes no sense.
    func read(_ received: GatewayEventReceived, at moment: Moment) throws(WebhookRefusal) -> GatewayEvent {
        switch received.gateway {
        case .stripe:
            return try StripeWebhook.read(received.body, signature: received.header("stripe-signature"), secrets: stripe, at: moment)
        case .paystack:
            return try PaystackWebhook.read(received.body, signature: received.header("x-paystack-signature"), keys: paystack)
        }
    }
}

extension CommandBatch {
    /// Notes that a webhook is not what it claims to be. It is kept as a dead letter: somebody may have made it up.
    mutating func refuse(_ command: Command, signature refusal: WebhookRefusal) {
        let detail = "the webhook was not accepted: \(refusal.rawValue)"
        if sheet.isAsked(command.message) {
            let answer = Answer.failure(.signatureInvalid, detail: detail) { $0.member("reason", refusal.rawValue) }
            sheet.answer(command.message, command.element, answer)
        }
        sheet.bury(
            command.message, command.element, body: Array(command.envelope.document[command.range]),
            reason: ErrorCode.signatureInvalid.rawValue, detail: detail)
    }
}
