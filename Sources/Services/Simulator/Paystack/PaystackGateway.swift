import HTTP

/// Answers Paystack's protocol.
struct PaystackGateway: Sendable {
    typealias Endpoint = @Sendable (PaystackCall, inout BookState) throws(PaystackProblem) -> Node

    let books: Books
    let faults: Faults

    private static let table: [(String, [String], Endpoint)] = [
        ("POST", ["transaction", "initialize"], Transactions.initialize),
        ("POST", ["transaction", "charge_authorization"], Transactions.chargeAuthorization),
        ("GET", ["transaction", "verify", "*"], Transactions.verify), ("GET", ["transaction"], Transactions.list),
        ("GET", ["transaction", "*"], Transactions.fetch),
        ("POST", ["refund"], PaystackRefunds.create), ("GET", ["refund"], PaystackRefunds.list),
        ("GET", ["refund", "*"], PaystackRefunds.fetch),
        ("POST", ["customer", "authorization", "deactivate"], PaystackRefunds.deactivate),
        ("POST", ["customer", "deactivate_authorization"], PaystackRefunds.deactivate),
        ("GET", ["customer", "*"], PaystackCustomers.fetch),
        ("GET", ["dispute"], PaystackRefunds.disputes), ("GET", ["dispute", "*"], PaystackRefunds.dispute),
        ("GET", ["dispute", "transaction", "*"], PaystackRefunds.disputeOfTransaction),
    ]

    /// Whether a path belongs to this gateway.
    static func owns(_ path: String) -> Bool {
        ["transaction", "refund", "customer", "dispute"].contains(steps(path).first ?? "")
    }

    private static func steps(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

    /// - Parameter publicURL: where the simulator is seen from outside.
    func answer(_ request: ServerRequest, at publicURL: String) -> ServerResponse {
        var response: ServerResponse
        do {
            response = try carryOut(request, publicURL)
        } catch {
            response = PaystackGateway.response(to: error)
        }
        response.headers.insert(HTTPHeader("Content-Type", "application/json; charset=utf-8"), at: 0)
        return response
    }

    private func carryOut(_ request: ServerRequest, _ publicURL: String) throws(PaystackProblem) -> ServerResponse {
        guard let header = request.header("Authorization"), let key = AuthorizationHeader.key(header) else { throw .noKey }
        guard key.hasPrefix("sk_test_") else { throw .invalidKey }
        let (endpoint, ids) = try PaystackGateway.find(request)
        let charges = request.method == "POST" && request.path.hasSuffix("/charge_authorization")
        let plan = faults.take(gateway: "paystack", method: request.method, path: request.path, charges: charges)
        switch plan.fault?.kind {
        case .timeoutBefore:
            faults.hold(plan.fault?.milliseconds ?? 0)
            return StripeGateway.silence
        case .dropBefore: return StripeGateway.silence
        case .tooMany: throw .tooMany
        case .conflict: throw .conflict
        case .serverError: throw .serverError
        default: break
        }
        var call = PaystackCall(path: request.path, parameters: try PaystackGateway.parameters(request), ids: ids, publicURL: publicURL)
        call.forcedDecline = plan.decline
        faults.hold(plan.delay)
        var response = books.change { [call] state in PaystackGateway.execute(call, endpoint, &state) }
        switch plan.fault?.kind {
        case .serverErrorAfter: throw .serverError
        case .timeoutAfter:
            faults.hold(plan.fault?.milliseconds ?? 0)
            response.delivery = .nothing
        case .drop: response.delivery = .cut(afterBytes: response.body.count / 2)
        default: break
        }
        return response
    }

    private static func find(_ request: ServerRequest) throws(PaystackProblem) -> (Endpoint, [String]) {
        let steps = steps(request.path)
        for (method, pattern, endpoint) in table where method == request.method && pattern.count == steps.count {
            guard zip(pattern, steps).allSatisfy({ $0 == "*" || $0 == $1 }) else { continue }
            let ids = zip(pattern, steps).filter { $0.0 == "*" }.map { PercentEncoding.decoded($0.1[...]) ?? $0.1 }
            return (endpoint, ids)
        }
        throw .notFound
    }

    /// JSON, or a form as Stripe has them.
    private static func parameters(_ request: ServerRequest) throws(PaystackProblem) -> Node {
        if request.method == "GET" { return (try? FormDecoder.decode(request.query)) ?? [:] }
        if request.header("Content-Type")?.contains("x-www-form-urlencoded") == true {
            return (try? FormDecoder.decode(request.text)) ?? [:]
        }
        if request.body.isEmpty { return [:] }
        guard let body = Node(json: request.body), body.isObject else {
            throw PaystackProblem(400, "Invalid JSON sent", type: "validation_error", code: "invalid_params")
        }
        return body
    }

    private static func execute(_ call: PaystackCall, _ endpoint: Endpoint, _ state: inout BookState) -> ServerResponse {
        do {
            return ServerResponse(200, body: try endpoint(call, &state).json)
        } catch {
            return response(to: error)
        }
    }

    static func response(to problem: PaystackProblem) -> ServerResponse {
        ServerResponse(problem.status, body: problem.body.json)
    }
}
