import Glibc
public import HTTP

/// A fresh virtual host on the test broker, deleted on `close()`, with users of its own where a test makes some.
///
/// The broker is the one of `PURSER_TEST_AMQP_URL` (`amqp://user:password@host:port/`) and `PURSER_TEST_AMQP_ADMIN_URL`
/// (`http://user:password@host:port/`); its user must be an administrator.
public final class ScratchVirtualHost: Sendable {
    /// What stands in the way of a test broker.
    public struct Unusable: Error, CustomStringConvertible {
        /// What to do about it.
        public let description: String
    }

    /// The name of the virtual host, which is also a suffix for the names of users that belong to this test.
    public let name: String
    /// The broker as its administrator, in this virtual host.
    public let amqpURL: String
    /// The management interface, with this virtual host as path.
    public let adminURL: String
    private let base: String
    private let credentials: HTTPCredentials

    /// Creates an empty virtual host.
    /// - Parameter label: a word for the name, of letters, digits and dashes.
    /// - Throws: `Unusable`, or the `HTTPError` of the client.
    public init(_ label: String = "scratch") throws {
        let admin = try ScratchVirtualHost.parts(of: "PURSER_TEST_AMQP_ADMIN_URL")
        let broker = try ScratchVirtualHost.parts(of: "PURSER_TEST_AMQP_URL")
        name = "test-\(label)-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        amqpURL = "\(broker.scheme)://\(broker.login)@\(broker.host)/\(name)"
        adminURL = "\(admin.scheme)://\(admin.login)@\(admin.host)/\(name)"
        base = "\(admin.scheme)://\(admin.host)/api"
        let login = admin.login.split(separator: ":", maxSplits: 1).map(String.init)
        credentials = HTTPCredentials(user: login.first ?? "", password: login.last ?? "")
        try expect(manage(.put, "/vhosts/\(name)"))
    }

    /// Runs `body` with a fresh virtual host and deletes it afterwards, whatever happens.
    public static func with<R>(_ label: String = "scratch", _ body: (ScratchVirtualHost) throws -> R) throws -> R {
        let host = try ScratchVirtualHost(label)
        defer { host.close() }
        return try body(host)
    }

    /// Deletes the virtual host with everything in it. A failure leaves it behind and is no reason to fail a test.
    public func close() {
        _ = try? manage(.delete, "/vhosts/\(name)")
    }

    /// Fills the virtual host from a definitions file, such as `topology/definitions.json` or a part of it.
    public func load(definitions: [UInt8]) throws {
        try expect(manage(.post, "/definitions/\(name)", definitions))
    }

    /// One call of the management interface.
    /// - Parameter path: below `/api`, percent-encoded.
    public func manage(_ method: HTTPRequest.Method, _ path: String, _ body: [UInt8] = []) throws -> HTTPResponse {
        var request = HTTPRequest(method, base + path, body: body.isEmpty ? nil : body)
        request.credentials = credentials
        request.headers = [HTTPHeader("Content-Type", "application/json")]
        return try HTTPClient(agent: "purser-tests").send(request)
    }

    /// The same with JSON as text, which must succeed.
    public func change(_ method: HTTPRequest.Method, _ path: String, _ json: String = "") throws {
        try expect(manage(method, path, Array(json.utf8)))
    }

    /// A broker URL for another user in this virtual host.
    public func amqpURL(user: String, password: String) throws -> String {
        let broker = try ScratchVirtualHost.parts(of: "PURSER_TEST_AMQP_URL")
        return "\(broker.scheme)://\(user):\(password)@\(broker.host)/\(name)"
    }

    private func expect(_ response: HTTPResponse) throws {
        guard response.isSuccess else { throw Unusable(description: "the test broker answered \(response.status): \(response.text)") }
    }

    private static func parts(of variable: String) throws -> (scheme: String, login: String, host: String) {
        guard let value = getenv(variable), value.pointee != 0 else {
            throw Unusable(description: "\(variable) is not set; run the tests through ops/test")
        }
        let url = String(cString: value)
        guard let colon = url.firstIndex(of: ":"), let at = url.lastIndex(of: "@") else {
            throw Unusable(description: "\(variable) is not of the form scheme://user:password@host:port/")
        }
        let login = url[colon..<at].drop { $0 == ":" || $0 == "/" }
        let host = url[url.index(after: at)...].prefix { $0 != "/" }
        return (String(url[..<colon]), String(login), String(host))
    }
}
