/// `expand[]`: ids in an answer are replaced by what they name (payment-facts.md 1.2).
enum Expansion {
    static let deepest = 4

    private static let kinds: [String: Kind] = [
        "customer": .customer, "payment_method": .paymentMethod, "default_payment_method": .paymentMethod, "latest_charge": .charge,
        "charge": .charge, "payment_intent": .paymentIntent, "setup_intent": .setupIntent, "balance_transaction": .balanceTransaction,
        "failure_balance_transaction": .balanceTransaction,
    ]

    static func apply(_ paths: [String], to node: Node, _ state: BookState) throws(StripeProblem) -> Node {
        var node = node
        for path in paths {
            let steps = path.split(separator: ".").map(String.init)
            node = try expand(node, steps[...], path, state)
        }
        return node
    }

    private static func expand(
        _ node: Node, _ steps: ArraySlice<String>, _ path: String, _ state: BookState
    ) throws(StripeProblem) -> Node {
        guard let step = steps.first else { return node }
        if case .list(let elements) = node {
            var expanded: [Node] = []
            for element in elements { expanded.append(try expand(element, steps, path, state)) }
            return .list(expanded)
        }
        var value = included(step, of: node, state) ?? node[step]
        guard node.isObject, node.has(step) || !value.isNull else { throw refusal(path) }
        if let id = value.text {
            guard let kind = kind(of: step, in: node), let found = state.find(kind, id) else { throw refusal(path) }
            value = found.shown
        } else if steps.count == 1, step == "data" || (!value.isNull && !value.isObject) {
            throw refusal(path)
        }
        if !value.isNull { value = try expand(value, steps.dropFirst(), path, state) }
        var changed = node
        changed[step] = value
        return changed
    }

    private static func kind(of step: String, in node: Node) -> Kind? {
        if step == "source", node["object"].text == "balance_transaction" {
            return node["type"].text == "refund" ? .refund : .charge
        }
        return kinds[step]
    }

    /// Lists that an answer holds only when they are asked for.
    private static func included(_ step: String, of node: Node, _ state: BookState) -> Node? {
        let id = node["id"].text ?? ""
        switch (node["object"].text, step) {
        case ("checkout.session", "line_items"):
            let items = state.find(.session, id)?["_items"] ?? []
            return ["object": "list", "data": items, "has_more": false, "url": .text("/v1/checkout/sessions/\(id)/line_items")]
        case ("charge", "refunds"):
            let refunds = state.all(.refund).filter { $0["charge"].text == id }.map(\.shown)
            return ["object": "list", "data": .list(refunds), "has_more": false, "url": .text("/v1/charges/\(id)/refunds")]
        default: return nil
        }
    }

    private static func refusal(_ path: String) -> StripeProblem {
        .invalid("expand", "This property cannot be expanded (\(path)).")
    }
}
