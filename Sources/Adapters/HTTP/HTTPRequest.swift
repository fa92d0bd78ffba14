/// One field of a request's or a response's header.
public struct HTTPHeader: Sendable, Equatable {
    /// As written; compare without regard to case.
    public let name: String
    /// Without surrounding white space. Carriage return, line feed and NUL are refused when the request is sent.
    public let value: String

    /// Any text; it is checked when the request is sent.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HTTPHeader] {
    /// The first field of this name, without regard to case.
    func value(of name: String) -> String? {
        let wanted = name.lowercased()
        return first { $0.name.lowercased() == wanted }?.value
    }
}

/// Name and password for HTTP basic authentication. Prints without the password.
public struct HTTPCredentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// Who calls.
    public let user: String
    /// Never printed.
    public let password: String

    /// Both as plain text, not percent-encoded.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// The name, with the password masked.
    public var description: String { "\(user):***" }
    /// The same as `description`, so that a debugger's print does not show the password either.
    public var debugDescription: String { description }
}

/// What to send, and how long and how much to accept for it. A value; sending it changes nothing.
public struct HTTPRequest: Sendable {
    /// The verbs in use.
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether sending it twice does what sending it once does (RFC 9110 9.2.2).
        var isRepeatable: Bool {
            switch self {
            case .get, .head, .put, .delete: true
            case .post, .patch: false
            }
        }
    }

    /// The verb.
    public var method: Method
    /// Absolute `http` or `https` address, already percent-encoded. Redirects are never followed.
    public var url: String
    /// Sent in this order. `Content-Type` is sent only when it stands here.
    public var headers: [HTTPHeader] = []
    /// Basic authentication, or none.
    public var credentials: HTTPCredentials?
    /// The body, or none.
    public var body: [UInt8]?
    /// Name look-up, TCP and TLS together. 5 s by default, at least 1 ms.
    public var connectTimeout: Duration = .seconds(5)
    /// The whole exchange, connecting included. 15 s by default, at least 1 ms.
    public var totalTimeout: Duration = .seconds(15)
    /// A larger response body is refused with `bodyTooLarge`. 16 MiB by default.
    public var maximumBodyBytes: Int = 16 << 20
    /// Whether certificate and host name of an `https` server are checked. Only tests turn it off.
    public var verifiesTLS: Bool = true
    /// File with the certificate authorities to trust (PEM) instead of the system's.
    public var authoritiesFile: String?

    /// A request with the default bounds.
    public init(_ method: Method, _ url: String, body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.body = body
    }
}
