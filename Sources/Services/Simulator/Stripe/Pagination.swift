/// Lists with cursors, the newest first (payment-facts.md 1.2).
enum Pagination {
    /// One page of those of a kind that pass.
    static func page(
        _ kind: Kind, _ what: String, _ call: StripeCall, _ state: BookState, where passes: (Node) -> Bool = { _ in true }
    ) throws(StripeProblem) -> Node {
        let created = try CreatedFilter(call.parameters)
        return try page(state.all(kind).filter { created.passes($0) && passes($0) }, what, call)
    }

    static func page(_ nodes: [Node], _ what: String, _ call: StripeCall) throws(StripeProblem) -> Node {
        let parameters = call.parameters
        let limit = try limit(parameters)
        let after = try parameters.text("starting_after")
        let before = try parameters.text("ending_before")
        guard after == nil || before == nil else {
            throw .invalid("ending_before", "You cannot specify both starting_after and ending_before.")
        }
        var part = nodes[...]
        var hasMore = false
        if let before {
            let end = try place(of: before, in: nodes, what, "ending_before")
            part = nodes[..<end]
            hasMore = part.count > limit
            part = part.suffix(limit)
        } else {
            if let after {
                let last = try place(of: after, in: nodes, what, "starting_after")
                part = nodes[(last + 1)...]
            }
            hasMore = part.count > limit
            part = part.prefix(limit)
        }
        return ["object": "list", "data": .list(part.map(\.shown)), "has_more": .bool(hasMore), "url": .text(call.path)]
    }

    static func limit(_ parameters: Parameters) throws(StripeProblem) -> Int {
        let limit = try parameters.integer("limit") ?? 10
        guard limit >= 1 else {
            throw .invalid("limit", "This value must be greater than or equal to 1.", code: "parameter_invalid_integer")
        }
        guard limit <= 100 else {
            throw .invalid("limit", "This value must be less than or equal to 100.", code: "parameter_invalid_integer")
        }
        return Int(limit)
    }

    private static func place(of id: String, in nodes: [Node], _ what: String, _ param: String) throws(StripeProblem) -> Int {
        guard let place = nodes.firstIndex(where: { $0["id"].text == id }) else { throw .noSuch(what, id, param: param) }
        return place
    }
}

/// `created=n` and `created[gte]=n`.
struct CreatedFilter {
    private var bounds = Int64.min...Int64.max

    init(_ parameters: Parameters) throws(StripeProblem) {
        if let exact = parameters.root["created"].text.flatMap({ Int64($0) }) {
            bounds = exact...exact
            return
        }
        let range = try parameters.within("created")
        let least = max(try range.integer("gte") ?? .min, (try range.integer("gt")).map { $0 + 1 } ?? .min)
        let most = min(try range.integer("lte") ?? .max, (try range.integer("lt")).map { $0 - 1 } ?? .max)
        guard least <= most else {
            bounds = 0...0
            return
        }
        bounds = least...most
    }

    func passes(_ node: Node) -> Bool { bounds.contains(node["created"].number ?? 0) }
}
