import HTTP

/// Answers Stripe's protocol: who is asking, what is meant, what goes wrong on command, and what was answered before.
struct StripeGateway: Sendable {
    let books: Books
    let faults: Faults
    private let router = StripeRouter()

    init(books: Books, faults: Faults) {
        self.books = books
        self.faults = faults
    }

    /// - Parameter publicURL: where the simulator is seen from outside.
    func answer(_ request: ServerRequest, at publicURL: String) -> ServerResponse {
        let requestID = "req_" + Identifiers.random(14)
        let version = request.header("Stripe-Version") ?? StripeCall.defaultVersion
        let key = request.method == "POST" ? request.header("Idempotency-Key").flatMap { $0.isEmpty ? nil : $0 } : nil
        var headers = [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Request-Id", requestID)]
        headers.append(HTTPHeader("Stripe-Version", version))
        if let key { headers.append(HTTPHeader("Idempotency-Key", key)) }
        var response: ServerResponse
        do {
            let (call, endpoint) = try read(request, requestID, version, key, publicURL)
            response = carryOut(call, endpoint, request)
        } catch {
            response = StripeGateway.response(to: error, requestID: requestID)
        }
        response.headers = headers + response.headers
        return response
    }

    private func read(
        _ request: ServerRequest, _ requestID: String, _ version: String, _ key: String?, _ publicURL: String
    ) throws(StripeProblem) -> (StripeCall, StripeRouter.Endpoint) {
        try StripeGateway.authenticate(request)
        guard let target = router.find(request.method, request.path) else {
            throw StripeProblem(
                404, "Unrecognized request URL (\(request.method): \(request.path)). Please see https://stripe.com/docs.")
        }
        if let key, key.count > 255 {
            throw .invalid("idempotency_key", "Idempotency keys may be at most 255 characters long.")
        }
        let form = request.method == "POST" ? request.text : request.query
        let root: Node
        do {
            root = try FormDecoder.decode(form)
        } catch {
            throw StripeProblem(400, "Invalid request: the parameters could not be read.")
        }
        let parameters = Parameters(root)
        let call = StripeCall(
            method: request.method, path: request.path, parameters: parameters, ids: target.ids, pattern: target.pattern,
            requestID: requestID, idempotencyKey: key,
            version: version, publicURL: publicURL)
        return (call, target.endpoint)
    }

    /// Any test key is taken, as a bearer or as the name of basic authentication.
    private static func authenticate(_ request: ServerRequest) throws(StripeProblem) {
        guard let header = request.header("Authorization") else { throw .noKey }
        guard let key = AuthorizationHeader.key(header) else { throw .noKey }
        guard key.hasPrefix("sk_test_") || key.hasPrefix("rk_test_") else { throw .unknownKey }
    }

    private func carryOut(_ call: StripeCall, _ endpoint: @escaping StripeRouter.Endpoint, _ request: ServerRequest) -> ServerResponse {
        let plan = faults.take(gateway: "stripe", method: call.method, path: call.path, charges: StripeGateway.charges(call))
        switch plan.fault?.kind {
        case .timeoutBefore:
            faults.hold(plan.fault?.milliseconds ?? 0)
            return StripeGateway.silence
        case .dropBefore: return StripeGateway.silence
        case .tooMany: return StripeGateway.response(to: .tooMany, requestID: call.requestID)
        case .conflict: return StripeGateway.response(to: .inFlight(call.idempotencyKey ?? ""), requestID: call.requestID)
        default: break
        }
        let form = call.method == "POST" ? request.text : request.query
        var response = once(call, endpoint, digest: IdempotencyKeys.digest(form), plan)
        switch plan.fault?.kind {
        case .timeoutAfter:
            faults.hold(plan.fault?.milliseconds ?? 0)
            response.delivery = .nothing
        case .drop: response.delivery = .cut(afterBytes: response.body.count / 2)
        default: break
        }
        return response
    }

    static let silence: ServerResponse = {
        var response = ServerResponse(503)
        response.delivery = .nothing
        return response
    }()

    /// Whether the request may charge somebody.
    private static func charges(_ call: StripeCall) -> Bool {
        guard call.method == "POST", call.path.hasPrefix("/v1/payment_intents") else { return false }
        return call.path.hasSuffix("/confirm") || (call.ids.isEmpty && call.parameters.root["confirm"].text == "true")
    }

    /// Carries a request out, or says again what was said to its key.
    private func once(
        _ call: StripeCall, _ endpoint: @escaping StripeRouter.Endpoint, digest: String, _ plan: Faults.Plan
    ) -> ServerResponse {
        if let key = call.idempotencyKey {
            switch books.change({ IdempotencyKeys.claim(key, endpoint: call.path, digest: digest, &$0) }) {
            case .fresh: break
            case .replay(let status, let body):
                return ServerResponse(status, headers: [HTTPHeader("Idempotent-Replayed", "true")], body: Array(body.utf8))
            case .refused(let problem): return StripeGateway.response(to: problem, requestID: call.requestID)
            }
        }
        faults.hold(plan.delay)
        var call = call
        call.forcedDecline = plan.decline
        let fault = plan.fault?.kind
        return books.change { [call] state in
            let (response, isStored) = StripeGateway.execute(call, endpoint, fault, &state)
            if let key = call.idempotencyKey {
                let answer = (status: response.status, body: String(decoding: response.body, as: UTF8.self))
                IdempotencyKeys.settle(key, endpoint: call.path, digest: digest, answer: isStored ? answer : nil, &state)
            }
            return response
        }
    }

    private static func execute(
        _ call: StripeCall, _ endpoint: StripeRouter.Endpoint, _ fault: FaultRule.Kind?, _ state: inout BookState
    ) -> (ServerResponse, isStored: Bool) {
        if fault == .serverError { return (response(to: .serverError, requestID: call.requestID), true) }
        do throws(StripeProblem) {
            if call.method == "POST" { try KnownParameters.check(call.pattern, call.parameters) }
            try Expansion.check(call.parameters.texts("expand"))
            let node = try endpoint(call, &state)
            let expanded = try Expansion.apply(call.parameters.texts("expand"), to: node.shown, state)
            if fault == .serverErrorAfter { throw StripeProblem.serverError }
            return (ServerResponse(200, body: expanded.json), true)
        } catch {
            // A decline that nobody gets to see is a server error to the caller, like a success.
            if fault == .serverErrorAfter { return (response(to: .serverError, requestID: call.requestID), true) }
            return (response(to: error, requestID: call.requestID), error.isStored)
        }
    }

    static func response(to problem: StripeProblem, requestID: String) -> ServerResponse {
        var error = problem.body
        if problem.status != 401 { error["request_log_url"] = .text("https://dashboard.stripe.com/test/logs/\(requestID)") }
        let body: Node = ["error": error]
        return ServerResponse(problem.status, body: body.json)
    }
}
