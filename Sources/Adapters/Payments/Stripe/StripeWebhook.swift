import Crypto
public import Domain
import Messages

/// Verifies and reads Stripe's webhooks (`payment-facts.md` 1.12).
public enum StripeWebhook {
    /// Seconds that a signature is good for, in both directions (`payments.md`, Webhooks).
    public static let tolerance: Int64 = 300

    /// Checks the raw bytes before anything in them is read.
    ///
    /// - Parameters:
    ///   - signature: the header `Stripe-Signature`.
    ///   - secrets: every secret that is valid now: two while one is rolled.
    /// - Throws: a refusal.
    public static func read(
        _ body: [UInt8], signature: String?, secrets: [String], at moment: Moment
    ) throws(WebhookRefusal) -> GatewayEvent {
        guard let signature else { throw .signatureMissing }
        let fields = signature.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }.filter { $0.count == 2 }
        guard let stamp = fields.first(where: { $0[0] == "t" })?[1], let seconds = Int64(stamp) else { throw .signatureInvalid }
        let given = fields.filter { $0[0] == "v1" }.compactMap { Hex.decode($0[1]) }
        let message = Array("\(stamp).".utf8) + body
        var isRight = false
        for secret in secrets {
            let wanted = MessageAuthentication.sha256(key: Array(secret.utf8), message).bytes
            for candidate in given where MessageAuthentication.isEqualInConstantTime(candidate, wanted) { isRight = true }
        }
        guard isRight else { throw .signatureInvalid }
        guard abs(moment.microseconds / 1_000_000 - seconds) <= tolerance else { throw .timestampOutside }
        guard let event = try? JSONReader.read(body), let id = event["id"]?.text, let type = event["type"]?.text,
            let object = event["data"]?["object"]
        else { throw .unreadable }
        return GatewayEvent(gateway: .stripe, id: id, type: type, subject: subject(type, object) ?? .other)
    }

    private static func subject(_ type: String, _ object: JSONValue) -> GatewayEvent.Subject? {
        guard let id = object["id"]?.text else { return nil }
        let reference = object["metadata"]?["purchase_reference_id"]?.text
        let intent = object["payment_intent"]?.text
        switch type {
        case "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled", "payment_intent.processing":
            return .payment(reference: reference, transaction: id)
        case "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
            "checkout.session.async_payment_failed":
            guard object["mode"]?.text != "setup" else {
                // One that expired was never used: nothing follows from it.
                guard type == "checkout.session.completed" else { return nil }
                return .methodPage(organization: object["metadata"]?["organization_id"]?.text, id: id)
            }
            return .page(reference: object["client_reference_id"]?.text ?? reference, id: id)
        case "refund.created", "refund.updated", "refund.failed":
            guard let status = object["status"]?.text, let news = StripeGateway.refundNews(status) else { return nil }
            return .refund(transaction: intent, id: id, news)
        case "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn",
            "charge.dispute.funds_reinstated":
            return dispute(type, object, id)
        default: return nil
        }
    }

    private static func dispute(_ type: String, _ object: JSONValue, _ id: String) -> GatewayEvent.Subject? {
        guard let news = disputeNews(type, status: object["status"]?.text) else { return nil }
        let amount = Gateway.stripe.money(object["amount"]?.whole, object["currency"]?.text)
        return .dispute(transaction: object["payment_intent"]?.text, id: id, amount: amount, news)
    }

    private static func disputeNews(_ type: String, status: String?) -> DisputeNews? {
        if type == "charge.dispute.funds_withdrawn" { return .fundsWithdrawn }
        switch status {
        case "won", "prevented": return .won
        case "lost": return .lost
        case "warning_closed": return .closed
        default: return type == "charge.dispute.funds_reinstated" ? .won : .opened
        }
    }
}
