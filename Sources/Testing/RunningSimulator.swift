public import HTTP
public import Messages
import Simulator

/// The real simulator in this process, and what tests tell it. Its books end with it.
public final class RunningSimulator {
    /// The secret of Stripe's webhooks.
    public static let stripeSecret = "whsec_a"
    /// The secret key of both gateways; it signs Paystack's webhooks too.
    public static let key = "sk_test_a"

    /// Where it listens, without a slash at the end.
    public let base: String
    private let simulator: LocalSimulator
    private let client: HTTPClient

    /// Starts it. - Throws: when it cannot listen.
    public init() throws {
        simulator = try LocalSimulator(stripeSecret: Self.stripeSecret, paystackSecret: Self.key)
        base = simulator.base
        client = try HTTPClient()
    }

    /// Everybody's charges that the simulator has in its books. - Parameter query: such as `status=succeeded`.
    public func charges(_ query: String = "") throws -> [JSONValue] {
        let answer = try JSONReader.read(try client.send(HTTPRequest(.get, "\(base)/_sim/charges?\(query)")).body)
        guard let charges = answer["charges"]?.elements else { throw Unsound(description: "the simulator lists no charges") }
        return charges
    }

    /// Arms a fault for one request.
    public func arm(_ kind: String, _ path: String) throws {
        try control("faults", #"{"kind": "\#(kind)", "method": "POST", "path": "\#(path)", "count": 1}"#)
    }

    /// A saved Paystack card.
    public func authorize(_ card: String, email: String) throws -> String {
        let made = try control("paystack/authorizations", #"{"card": "\#(card)", "email": "\#(email)"}"#)
        guard let code = made["authorization_code"]?.text else { throw Unsound(description: "the simulator saved no card") }
        return code
    }

    /// Refunds that are made from here on can be settled at once.
    public func settleWithoutDelay() throws {
        try control("settle", #"{"after_ms": 0}"#)
    }

    /// Does all that is due; a refund takes two steps on Paystack's side.
    public func settle() {
        simulator.settle()
    }

    /// Tells the control side something.
    @discardableResult
    public func control(_ path: String, _ body: String) throws -> JSONValue {
        let response = try client.send(HTTPRequest(.post, "\(base)/_sim/\(path)", body: Array(body.utf8)))
        guard response.isSuccess else { throw Unsound(description: "\(path): \(response.text)") }
        return try JSONReader.read(response.body)
    }

    /// Looks at a page as a browser does, and presses a button that it shows.
    @discardableResult
    public func press(_ button: String, at url: String, _ fields: String = "") throws -> HTTPResponse {
        let page = try client.send(HTTPRequest(.get, url))
        guard page.text.contains("<button type=\"submit\" name=\"action\" value=\"\(button)\">") else {
            throw Unsound(description: page.text)
        }
        var request = HTTPRequest(.post, url, body: Array("action=\(button)\(fields)".utf8))
        request.headers = [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")]
        return try client.send(request)
    }

    /// What a page shows, whatever it is.
    public func look(at url: String) throws -> HTTPResponse {
        try client.send(HTTPRequest(.get, url))
    }
}
