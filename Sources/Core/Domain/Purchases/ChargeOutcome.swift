/// How a call that should have charged somebody ended (`payments.md`, Charging, 3).
public enum ChargeOutcome: Hashable, Sendable {
    /// The gateway's object says paid.
    case succeeded(GatewayPayment)
    case declined(Decline)
    /// Time-out, connection lost, 5xx, 409, an answer that cannot be read: nobody knows whether the customer was charged.
    case unknown
    /// Our fault, not the customer's: 400, 401, 403, 404.
    case refused(code: String)
    /// 429: nothing happened, and nothing is counted.
    case slowDown
}

/// What a decline means for the next attempt.
public enum DeclineClass: String, Hashable, Sendable, CaseIterable {
    /// May go through another day.
    case soft
    /// Never again with this payment method.
    case hard
    /// The customer has to correct or confirm something first.
    case needsCustomer = "needs_customer"

    /// The one of two that asks for more care.
    public func stricter(_ other: DeclineClass) -> DeclineClass {
        let order: [DeclineClass] = [.soft, .needsCustomer, .hard]
        return order.last { $0 == self || $0 == other } ?? self
    }
}

/// A charge that was turned down, and why.
public struct Decline: Hashable, Sendable {
    public let kind: DeclineClass
    /// The gateway's own word.
    public let code: String
    /// Whether a table has the code. An unknown one counts as soft, once.
    public let isKnown: Bool
    /// Whether the payment method is of no use any more: a hard decline, or a dead authorization (`domain.md` 8.1).
    public let retiresMethod: Bool

    public init(_ kind: DeclineClass, code: String, isKnown: Bool = true, retiresMethod: Bool? = nil) {
        self.kind = kind
        self.code = code
        self.isKnown = isKnown
        self.retiresMethod = retiresMethod ?? (kind == .hard)
    }

    /// The charge is known not to have happened, and nobody said why: the first call never arrived.
    public static let neverArrived = Decline(.soft, code: "not_charged")
}

/// What the gateway's object says about a charge.
public struct GatewayPayment: Hashable, Sendable {
    /// The gateway's id of the charge; unique per gateway.
    public let transaction: String
    public let isPaid: Bool
    /// As read from the wire; nil when it was no amount of ours.
    public let amount: Money?
    /// Our own reference, as the gateway repeats it.
    public let reference: String?

    public init(transaction: String, isPaid: Bool, amount: Money?, reference: String?) {
        self.transaction = transaction
        self.isPaid = isPaid
        self.amount = amount
        self.reference = reference
    }
}
