import HTTP
import Messages
import Telemetry
import Testing

@testable import Simulator

/// The real simulator on a free port of this process. Its books end with it.
///
/// This is the only file of these tests that knows the simulator from inside: both sides have types of the same names.
final class RunningSimulator {
    let base: String
    private let books: Books
    private let simulator: Simulator
    private let server: HTTPServer
    private let client: HTTPClient

    init() throws {
        books = try Books(path: nil, time: .system)
        let webhooks = WebhookSettings(stripeURL: nil, stripeSecret: "whsec_a", paystackURL: nil, paystackSecret: "sk_test_a")
        let simulator = Simulator(books: books, webhooks: webhooks, publicURL: nil, time: .system)
        self.simulator = simulator
        var configuration = HTTPServerConfiguration(address: "127.0.0.1", port: 0)
        configuration.threads = .perConnection
        server = try HTTPServer(configuration) { simulator.answer($0) }
        base = "http://127.0.0.1:\(server.port)"
        client = try HTTPClient()
    }

    deinit {
        // Ends every silence, so that nobody is waited for.
        simulator.stop()
        server.stop(within: .zero)
    }

    /// Everybody's charges that the simulator has in its books. - Parameter query: such as `status=succeeded`.
    func charges(_ query: String = "") throws -> [JSONValue] {
        let answer = try JSONReader.read(try client.send(HTTPRequest(.get, "\(base)/_sim/charges?\(query)")).body)
        return try #require(answer["charges"]?.elements)
    }

    /// Arms a fault for one request.
    func arm(_ kind: String, _ path: String) throws {
        try control("faults", #"{"kind": "\#(kind)", "method": "POST", "path": "\#(path)", "count": 1}"#)
    }

    /// A saved Paystack card.
    func authorize(_ card: String, email: String) throws -> String {
        let made = try control("paystack/authorizations", #"{"card": "\#(card)", "email": "\#(email)"}"#)
        return try #require(made["authorization_code"]?.text)
    }

    /// Refunds that are made from here on can be settled at once.
    func settleWithoutDelay() throws {
        try control("settle", #"{"after_ms": 0}"#)
    }

    /// Does all that is due; a refund takes two steps on Paystack's side.
    func settle() {
        for _ in 0..<3 { books.change { _ = Due.settle(&$0) } }
    }

    @discardableResult
    private func control(_ path: String, _ body: String) throws -> JSONValue {
        let response = try client.send(HTTPRequest(.post, "\(base)/_sim/\(path)", body: Array(body.utf8)))
        try #require(response.isSuccess, "\(path): \(response.text)")
        return try JSONReader.read(response.body)
    }

    /// Looks at a page as a browser does, and presses a button that it shows.
    @discardableResult
    func press(_ button: String, at url: String, _ fields: String = "") throws -> HTTPResponse {
        let page = try client.send(HTTPRequest(.get, url))
        try #require(page.text.contains("<button type=\"submit\" name=\"action\" value=\"\(button)\">"), "\(page.text)")
        var request = HTTPRequest(.post, url, body: Array("action=\(button)\(fields)".utf8))
        request.headers = [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")]
        return try client.send(request)
    }

    /// What a page shows, whatever it is.
    func look(at url: String) throws -> HTTPResponse {
        try client.send(HTTPRequest(.get, url))
    }
}
