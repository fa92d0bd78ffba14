import Domain
import Messages
import Payments
import Runtime
import Store

/// A request about purchases, read, with what could be found out before anything is locked.
struct PaymentItem {
    let command: Command
    let request: PaymentRequest
    /// The webhook in it, verified (`messages.md`, Envelope).
    let event: GatewayEvent?
}

/// Whose wallet a request concerns.
enum PaymentSubject {
    case organization(String)
    /// A purchase of ours, and of nobody else than the envelope says.
    case purchase(Purchases.Owner)
    /// No wallet: packages, webhooks about nothing of ours.
    case none
    /// The answer to a request about a purchase that this organization does not have.
    case refused([UInt8])
}

/// What becomes of a message once its last transaction is committed.
enum PaymentEnd {
    case answer([UInt8])
    case later(reason: String)
}
