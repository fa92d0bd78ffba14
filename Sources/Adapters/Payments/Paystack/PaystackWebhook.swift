import Crypto
import Domain
import Messages

/// Verifies and reads Paystack's webhooks (`payment-facts.md` 2.5).
public enum PaystackWebhook {
    /// Checks the raw bytes before anything in them is read.
    ///
    /// - Parameters:
    ///   - signature: the header `x-paystack-signature`.
    ///   - keys: the secret API keys that are valid now.
    /// - Throws: a refusal.
    public static func read(_ body: [UInt8], signature: String?, keys: [String]) throws(WebhookRefusal) -> GatewayEvent {
        guard let signature else { throw .signatureMissing }
        guard let given = Hex.decode(signature) else { throw .signatureInvalid }
        var isRight = false
        for key in keys {
            let wanted = MessageAuthentication.sha512(key: Array(key.utf8), body)
            if MessageAuthentication.isEqualInConstantTime(given, wanted) { isRight = true }
        }
        guard isRight else { throw .signatureInvalid }
        guard let event = try? JSONReader.read(body), let type = event["event"]?.text, let data = event["data"] else { throw .unreadable }
        // Neither a timestamp nor an id of the event: the object's own identity has to do.
        guard let object = PaystackGateway.text(data["id"]) ?? data["reference"]?.text ?? refundName(data) else { throw .unreadable }
        return GatewayEvent(gateway: .paystack, id: "\(type)/\(object)", type: type, subject: subject(type, data) ?? .other)
    }

    private static func subject(_ type: String, _ data: JSONValue) -> GatewayEvent.Subject? {
        switch type {
        case "charge.success":
            guard let key = data["reference"]?.text else { return nil }
            return .payment(reference: PaystackGateway.purchaseReference(data["metadata"]), transaction: key)
        case "refund.pending", "refund.processing", "refund.needs-attention": return refund(data, .pending)
        case "refund.processed": return refund(data, .succeeded)
        case "refund.failed": return refund(data, .failed)
        case "charge.dispute.create", "charge.dispute.remind": return dispute(data, .opened)
        case "charge.dispute.resolve":
            return dispute(data, data["resolution"]?.text == "declined" ? .won : .lost)
        default: return nil
        }
    }

    /// A refund that has no id yet is told apart from others of its transaction by its amount; no refund is ever known by such a name.
    private static func refundName(_ data: JSONValue) -> String? {
        if let reference = data["refund_reference"]?.text { return reference }
        guard let transaction = data["transaction_reference"]?.text ?? data["transaction"]?["reference"]?.text else { return nil }
        return "\(transaction)/\(PaystackGateway.text(data["amount"]) ?? "")"
    }

    private static func refund(_ data: JSONValue, _ news: RefundNews) -> GatewayEvent.Subject? {
        let transaction = data["transaction_reference"]?.text ?? data["transaction"]?["reference"]?.text
        guard let id = PaystackGateway.text(data["id"]) ?? refundName(data) else { return nil }
        return .refund(transaction: transaction, id: id, news)
    }

    private static func dispute(_ data: JSONValue, _ news: DisputeNews) -> GatewayEvent.Subject? {
        guard let id = PaystackGateway.text(data["id"]) else { return nil }
        let transaction = data["transaction"]
        let wire = data["refund_amount"]?.whole ?? transaction?["amount"]?.whole
        let amount = Gateway.paystack.money(wire, (data["currency"] ?? transaction?["currency"])?.text)
        return .dispute(transaction: transaction?["reference"]?.text, id: id, amount: amount, news)
    }
}
