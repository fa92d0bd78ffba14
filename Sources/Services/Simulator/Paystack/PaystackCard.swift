/// A card on Paystack's side and what becomes of it: Paystack's own test numbers, and the simulator's.
struct PaystackCard: Sendable, Equatable {
    var number = "4084084084084081"
    /// What the first payment, on the hosted page, meets; nil: it succeeds.
    var firstDecline: GatewayResponse?
    /// What every later charge of the saved card meets; nil: it succeeds.
    var laterDecline: GatewayResponse?
    var isReusable = true
    /// A later charge waits for the customer.
    var isChallenged = false
    /// Refunds of it come back.
    var refundsFail = false

    /// By number, or by a name: `sim_decline_<code>`, `sim_single_use`, `sim_challenge`, `sim_refund_fail`; anything else succeeds.
    static func named(_ name: String) -> PaystackCard {
        var card = PaystackCard()
        switch name {
        case "4084080000005408": card.firstDecline = .decline("do_not_honor")
        case "4084080000670037": card.firstDecline = .decline("insufficient_funds")
        case "sim_single_use": card.isReusable = false
        case "sim_challenge": card.isChallenged = true
        case "sim_refund_fail": card.refundsFail = true
        case let other where other.hasPrefix("sim_decline_"): card.laterDecline = .decline(String(other.dropFirst(12)))
        default: break
        }
        return card
    }
}
