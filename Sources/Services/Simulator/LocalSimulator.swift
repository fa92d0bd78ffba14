import HTTP
import Telemetry

/// The simulator on a free port of this process, with books that end with it: for tests that ask thousands of things in a second.
public final class LocalSimulator {
    /// Where it listens, without a slash at the end.
    public let base: String
    private let books: Books
    private let simulator: Simulator
    private let server: HTTPServer

    /// - Parameters:
    ///   - stripeSecret, paystackSecret: what its webhooks would be signed with; nobody gets them unless a test says where they go.
    /// - Throws: `HTTPServerError` when it cannot listen.
    public init(stripeSecret: String, paystackSecret: String) throws {
        books = try Books(path: nil, time: .system)
        let webhooks = WebhookSettings(stripeURL: nil, stripeSecret: stripeSecret, paystackURL: nil, paystackSecret: paystackSecret)
        let simulator = Simulator(books: books, webhooks: webhooks, publicURL: nil, time: .system)
        self.simulator = simulator
        var configuration = HTTPServerConfiguration(address: "127.0.0.1", port: 0)
        configuration.threads = .perConnection
        server = try HTTPServer(configuration) { simulator.answer($0) }
        base = "http://127.0.0.1:\(server.port)"
    }

    deinit {
        // Ends every silence, so that nobody is waited for.
        simulator.stop()
        server.stop(within: .zero)
    }

    /// Does all that is due; a refund takes two steps on Paystack's side.
    public func settle() {
        for _ in 0..<3 { books.change { _ = Due.settle(&$0) } }
    }
}
