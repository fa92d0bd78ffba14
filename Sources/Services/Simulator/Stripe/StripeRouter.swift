/// Which function answers which method and path.
struct StripeRouter: Sendable {
    typealias Endpoint = @Sendable (StripeCall, inout BookState) throws(StripeProblem) -> Node

    private struct Route: Sendable {
        let method: String
        /// `*` stands for an id.
        let steps: [String]
        let endpoint: Endpoint
    }

    private let routes: [Route]

    init() {
        routes = StripeRouter.table.map { Route(method: $0, steps: $1.split(separator: "/").map(String.init), endpoint: $2) }
    }

    /// What a request leads to.
    struct Target: Sendable {
        let endpoint: Endpoint
        let ids: [String]
        /// The path with `*` for ids.
        let pattern: String
    }

    /// Nil: Stripe has no such path, or we do not know it.
    func find(_ method: String, _ path: String) -> Target? {
        let steps = path.split(separator: "/").map(String.init)
        // Fixed words before placeholders: `search` is no id.
        var best: Target?
        for route in routes where route.method == method && route.steps.count == steps.count {
            var ids: [String] = []
            let fits = zip(route.steps, steps).allSatisfy { pattern, step in
                if pattern == "*" { ids.append(step) }
                return pattern == "*" || pattern == step
            }
            if fits, best == nil || ids.count < best?.ids.count ?? 0 {
                best = Target(endpoint: route.endpoint, ids: ids, pattern: "/" + route.steps.joined(separator: "/"))
            }
        }
        return best
    }

    private static let table: [(String, String, Endpoint)] = customers + payments + afterwards

    private static let customers: [(String, String, Endpoint)] = [
        ("POST", "/v1/customers", Customers.create), ("GET", "/v1/customers", Customers.list),
        ("GET", "/v1/customers/*", Customers.retrieve), ("POST", "/v1/customers/*", Customers.update),
        ("DELETE", "/v1/customers/*", Customers.delete),
        ("GET", "/v1/customers/*/payment_methods", PaymentMethods.listOfCustomer),
        ("GET", "/v1/customers/*/payment_methods/*", PaymentMethods.retrieveOfCustomer),
        ("POST", "/v1/payment_methods", PaymentMethods.create), ("GET", "/v1/payment_methods", PaymentMethods.list),
        ("GET", "/v1/payment_methods/*", PaymentMethods.retrieve), ("POST", "/v1/payment_methods/*", PaymentMethods.update),
        ("POST", "/v1/payment_methods/*/attach", PaymentMethods.attach),
        ("POST", "/v1/payment_methods/*/detach", PaymentMethods.detach),
        ("POST", "/v1/setup_intents", SetupIntents.create), ("GET", "/v1/setup_intents", SetupIntents.list),
        ("GET", "/v1/setup_intents/*", SetupIntents.retrieve), ("POST", "/v1/setup_intents/*/confirm", SetupIntents.confirm),
        ("POST", "/v1/setup_intents/*/cancel", SetupIntents.cancel),
    ]

    private static let payments: [(String, String, Endpoint)] = [
        ("POST", "/v1/payment_intents", PaymentIntents.create), ("GET", "/v1/payment_intents", PaymentIntents.list),
        ("GET", "/v1/payment_intents/search", PaymentIntents.search), ("GET", "/v1/payment_intents/*", PaymentIntents.retrieve),
        ("POST", "/v1/payment_intents/*", PaymentIntents.update), ("POST", "/v1/payment_intents/*/confirm", PaymentIntents.confirm),
        ("POST", "/v1/payment_intents/*/capture", PaymentIntents.capture),
        ("POST", "/v1/payment_intents/*/cancel", PaymentIntents.cancel),
        ("POST", "/v1/checkout/sessions", Sessions.create), ("GET", "/v1/checkout/sessions", Sessions.list),
        ("GET", "/v1/checkout/sessions/*", Sessions.retrieve), ("POST", "/v1/checkout/sessions/*/expire", Sessions.expire),
        ("GET", "/v1/checkout/sessions/*/line_items", Sessions.lineItems),
    ]

    private static let afterwards: [(String, String, Endpoint)] = [
        ("GET", "/v1/charges", Charges.list), ("GET", "/v1/charges/search", Charges.search), ("GET", "/v1/charges/*", Charges.retrieve),
        ("POST", "/v1/charges/*", Charges.update), ("GET", "/v1/charges/*/refunds", Charges.refunds),
        ("POST", "/v1/refunds", Refunds.create), ("GET", "/v1/refunds", Refunds.list), ("GET", "/v1/refunds/*", Refunds.retrieve),
        ("POST", "/v1/refunds/*", Refunds.update), ("POST", "/v1/refunds/*/cancel", Refunds.cancel),
        ("GET", "/v1/disputes", Disputes.list), ("GET", "/v1/disputes/*", Disputes.retrieve),
        ("POST", "/v1/disputes/*", Disputes.update), ("POST", "/v1/disputes/*/close", Disputes.close),
        ("GET", "/v1/events", Events.list), ("GET", "/v1/events/*", Events.retrieve),
        ("POST", "/v1/webhook_endpoints", Events.createEndpoint), ("GET", "/v1/webhook_endpoints", Events.endpoints),
        ("GET", "/v1/webhook_endpoints/*", Events.endpoint), ("POST", "/v1/webhook_endpoints/*", Events.updateEndpoint),
        ("DELETE", "/v1/webhook_endpoints/*", Events.deleteEndpoint),
        ("GET", "/v1/balance_transactions", Charges.balanceTransactions),
        ("GET", "/v1/balance_transactions/*", Charges.balanceTransaction),
    ]
}
