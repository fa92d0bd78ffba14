import HTTP
import Messages

/// The broker's management interface, as far as topology needs it. One thread; every call ends within 15 s.
struct ManagementAPI {
    private let client: HTTPClient
    let address: AdminAddress

    init(_ address: AdminAddress) throws(TopologyError) {
        self.address = address
        do {
            client = try HTTPClient(agent: "purser-topology")
        } catch {
            throw TopologyError(error)
        }
    }

    /// The answer to a question; nil where the object does not exist.
    /// - Throws: `forbidden`, `unavailable`, `refused`.
    func get(_ segments: String..., query: String = "") throws(TopologyError) -> JSONValue? {
        let path = segments.map { "/" + PercentEncoding.encoded($0) }.joined()
        let response = try send(.get, path + query, [])
        if response.status == 404 { return nil }
        try accept(response, path)
        do {
            return try JSONReader.read(response.body)
        } catch {
            throw TopologyError(.refused, "the management interface's answer to \(path) cannot be read: \(error.detail)")
        }
    }

    /// Makes one change.
    /// - Throws: `forbidden`, `unavailable`, `refused` with the broker's reason.
    func perform(_ call: ManagementCall) throws(TopologyError) {
        let response = try send(call.method, call.path, call.body)
        // What is to be removed is gone already: somebody else was faster.
        if call.method == .delete && response.status == 404 { return }
        try accept(response, call.path)
    }

    private func send(_ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]) throws(TopologyError) -> HTTPResponse {
        var request = HTTPRequest(method, address.base + "/api" + path, body: body.isEmpty ? nil : body)
        request.credentials = HTTPCredentials(user: address.user, password: address.password)
        request.headers = [HTTPHeader("Content-Type", "application/json")]
        do {
            return try client.send(request)
        } catch {
            throw TopologyError(error)
        }
    }

    private func accept(_ response: HTTPResponse, _ path: String) throws(TopologyError) {
        if response.isSuccess { return }
        let reason = (try? JSONReader.read(response.body))?["reason"]?.text ?? "no reason given"
        switch response.status {
        case 401, 403:
            throw TopologyError(.forbidden, "the broker refuses the user of AMQP_ADMIN_URL at \(path): \(reason)")
        case 500...:
            throw TopologyError(.unavailable, "the management interface fails at \(path) with status \(response.status)")
        default:
            let hint = reason.contains("x-consistent-hash") ? " (enable the plugin rabbitmq_consistent_hash_exchange)" : ""
            throw TopologyError(.refused, "the broker refuses \(path): \(reason)\(hint)")
        }
    }
}
