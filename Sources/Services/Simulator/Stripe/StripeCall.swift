/// One request to the Stripe side, understood but not yet acted on.
struct StripeCall: Sendable {
    let method: String
    /// Without query.
    let path: String
    let parameters: Parameters
    /// What stood for the placeholders of the route.
    var ids: [String] = []
    /// The path with `*` for ids.
    var pattern = ""
    /// `req_...`
    let requestID: String
    let idempotencyKey: String?
    /// As the caller asked for it, or the simulator's own.
    let version: String
    /// A decline that was armed on the control side and hits this call's charge, whatever the method.
    var forcedDecline: Decline?
    /// Where the simulator is seen from outside: for the addresses of its pages.
    let publicURL: String

    var id: String { ids.first ?? "" }

    static let defaultVersion = "2026-10-28.endive"
}
