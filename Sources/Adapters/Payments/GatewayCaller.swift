import HTTP
import Messages

/// Sends calls to one gateway and reads their JSON answers.
struct GatewayCaller {
    /// What came of a call.
    enum Answer {
        case json(status: Int, JSONValue)
        /// An answer with a body that is no JSON.
        case unreadable(status: Int)
        /// No answer at all; false only where nothing can have reached the gateway.
        case none(mayHaveArrived: Bool)
    }

    private let client: HTTPClient
    private let base: String
    private let headers: [HTTPHeader]
    private let limits: CallLimits

    /// - Parameters:
    ///   - base: scheme and authority, and perhaps a path, without a slash at the end.
    ///   - headers: sent with every call.
    init(base: String, headers: [HTTPHeader], limits: CallLimits) throws(HTTPError) {
        client = try HTTPClient()
        self.limits = limits
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.headers = headers
    }

    /// When a question that begins now must be answered, for one that takes several calls.
    var deadline: ContinuousClock.Instant { .now + limits.total }

    /// - Parameters:
    ///   - path: from the slash on, with its query.
    ///   - deadline: of the question to which the call belongs; nil: it is the only one.
    func call(
        _ method: HTTPRequest.Method, _ path: String, body: [UInt8]? = nil, more: [HTTPHeader] = [],
        by deadline: ContinuousClock.Instant? = nil
    ) -> Answer {
        var request = HTTPRequest(method, base + path, body: body)
        request.headers = headers + more
        request.connectTimeout = limits.connect
        request.totalTimeout = limits.total
        if let deadline {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return .none(mayHaveArrived: false) }
            request.totalTimeout = min(left, limits.total)
        }
        do throws(HTTPError) {
            let response = try client.send(request)
            guard let json = try? JSONReader.read(response.body) else { return .unreadable(status: response.status) }
            return .json(status: response.status, json)
        } catch {
            return .none(mayHaveArrived: error.mayHaveArrived || error.kind == .timeout)
        }
    }
}
