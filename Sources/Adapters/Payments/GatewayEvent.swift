public import Domain

/// A webhook of a gateway, verified and read (`payments.md`, Webhooks). What it says is news, not proof: who acts on it asks the gateway.
public struct GatewayEvent: Hashable, Sendable {
    /// What the event is about.
    public enum Subject: Hashable, Sendable {
        /// A charge of ours has news; named by our reference where the gateway repeats it.
        case payment(reference: String?, transaction: String)
        /// A page on which a purchase is paid has news.
        case page(reference: String?, id: String)
        /// A customer has saved a payment method on a page.
        case methodPage(organization: String?, id: String)
        case refund(transaction: String?, id: String, RefundNews)
        case dispute(transaction: String?, id: String, amount: Money?, DisputeNews)
        /// Of a type that nobody here needs: acknowledged and ignored.
        case other
    }

    public let gateway: Gateway
    /// Unique per gateway: Stripe's event id; Paystack has none, so event and object.
    public let id: String
    /// The gateway's own word.
    public let type: String
    public let subject: Subject

    public init(gateway: Gateway, id: String, type: String, subject: Subject) {
        self.gateway = gateway
        self.id = id
        self.type = type
        self.subject = subject
    }
}

/// Why a webhook was not accepted. A retry with the same bytes makes no sense.
public enum WebhookRefusal: String, Error, Hashable, Sendable, CaseIterable {
    case signatureMissing = "signature_missing"
    case signatureInvalid = "signature_invalid"
    /// Signed more than 300 s ago, or ahead of our clock.
    case timestampOutside = "timestamp_outside"
    /// The signature is right and the body is no event.
    case unreadable
}
