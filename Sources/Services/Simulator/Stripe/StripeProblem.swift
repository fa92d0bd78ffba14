/// An answer of Stripe's that is no success: the error object and its status (payment-facts.md 1.6).
struct StripeProblem: Error, Sendable, Equatable {
    let status: Int
    /// The members of `error`.
    var body: Node
    /// Whether the answer is kept for replays: nothing is kept where execution never began.
    var isStored = false

    init(_ status: Int, type: String = "invalid_request_error", code: String? = nil, param: String? = nil, _ message: String) {
        self.status = status
        var body: Node = [:]
        if let code {
            body["code"] = .text(code)
            body["doc_url"] = .text("https://stripe.com/docs/error-codes/" + code.replacing("_", with: "-"))
        }
        body["message"] = .text(message)
        if let param { body["param"] = .text(param) }
        body["type"] = .text(type)
        self.body = body
    }

    static func missing(_ param: String) -> StripeProblem {
        StripeProblem(400, code: "parameter_missing", param: param, "Missing required param: \(param).")
    }

    /// Something named in the path that is not there.
    static func noSuch(_ what: String, _ id: String) -> StripeProblem {
        StripeProblem(404, code: "resource_missing", param: "id", "No such \(what): '\(id)'")
    }

    /// Something named by a parameter that is not there.
    static func noSuch(_ what: String, _ id: String, param: String) -> StripeProblem {
        StripeProblem(400, code: "resource_missing", param: param, "No such \(what): '\(id)'")
    }

    /// A request that the state of an object refuses: it was looked at, so the answer is kept.
    static func state(_ code: String?, _ message: String) -> StripeProblem {
        var problem = StripeProblem(400, code: code, message)
        problem.isStored = true
        return problem
    }

    static func invalid(_ param: String, _ message: String, code: String? = nil) -> StripeProblem {
        StripeProblem(400, code: code, param: param, message)
    }

    static let unknownKey = StripeProblem(401, "Invalid API Key provided.")
    static let noKey = StripeProblem(
        401,
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
            + "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').")
    static let serverError: StripeProblem = {
        var problem = StripeProblem(500, type: "api_error", "An unknown error occurred.")
        problem.isStored = true
        return problem
    }()
    static let tooMany = StripeProblem(
        429, code: "rate_limit", "Too many requests hit the API too quickly. We recommend an exponential backoff of your requests.")

    static func inFlight(_ key: String) -> StripeProblem {
        StripeProblem(
            409, code: "idempotency_key_in_use",
            "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the "
                + "other request is still going through): \(key). Please try again later.")
    }

    static func otherParameters(_ key: String) -> StripeProblem {
        StripeProblem(
            400, type: "idempotency_error",
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than "
                + "'\(key)' if you meant to execute a different request.")
    }

    static func otherEndpoint(_ key: String, _ now: String, _ first: String) -> StripeProblem {
        StripeProblem(
            400, type: "idempotency_error",
            "Keys for idempotent requests can only be used for the same endpoint they were first used for ('\(now)' vs '\(first)'). "
                + "Try using a key other than '\(key)' if you meant to execute a different request.")
    }
}
