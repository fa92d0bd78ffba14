extension Expansion {
    /// What can be expanded somewhere, and what leads there.
    private static let names: Set<String> = [
        "data", "customer", "payment_method", "default_payment_method", "latest_charge", "charge", "payment_intent", "setup_intent",
        "balance_transaction", "failure_balance_transaction", "source", "refunds", "line_items", "invoice_settings",
        "last_payment_error", "balance_transactions", "latest_attempt", "review", "on_behalf_of", "application", "mandate",
    ]

    /// Refuses names that lead nowhere before anything is done; Stripe, too, charges nobody for a wrong path.
    static func check(_ paths: [String]) throws(StripeProblem) {
        for path in paths {
            let steps = path.split(separator: ".").map(String.init)
            guard steps.count <= deepest else {
                throw .invalid("expand", "You cannot expand more than \(deepest) levels of a property (\(path)).")
            }
            guard steps.allSatisfy(names.contains) else { throw .invalid("expand", "This property cannot be expanded (\(path)).") }
        }
    }
}
