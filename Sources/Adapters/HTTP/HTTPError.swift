import CLibcurl

/// An exchange that did not end with a response. Holds no address, header or body, so it can be logged as it is.
public struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Kind: String, Sendable {
        /// The request itself cannot be sent: malformed address, other scheme, line break in a header.
        case invalidRequest = "invalid request"
        /// The host name has no address.
        case unresolvedHost = "host name not found"
        /// Nobody answers at the address.
        case unreachable = "cannot connect"
        /// The handshake failed or the certificate is not trusted.
        case tls = "TLS refused"
        /// One of the request's two time-outs passed.
        case timeout = "timed out"
        /// The connection broke during the exchange.
        case connectionLost = "connection lost"
        /// The response body is larger than the request accepts.
        case bodyTooLarge = "response too large"
        /// What came back is not HTTP, or its header is too large.
        case protocolViolation = "unreadable response"
        /// The library failed in another way; the code says which.
        case library = "transfer failed"
    }

    /// What went wrong.
    public let kind: Kind
    /// libcurl's own code, 0 where libcurl was not asked.
    public let code: Int32
    /// Whether any byte of the request was handed to the network. When false the server cannot have acted on it.
    public let mayHaveArrived: Bool

    /// Whether the same request may succeed later. Says nothing about whether it was acted on: see `mayHaveArrived`.
    public var isRetriable: Bool {
        switch kind {
        case .unresolvedHost, .unreachable, .timeout, .connectionLost: true
        case .invalidRequest, .tls, .bodyTooLarge, .protocolViolation, .library: false
        }
    }

    /// Constant words and the code.
    public var description: String { code == 0 ? "HTTP: \(kind.rawValue)" : "HTTP: \(kind.rawValue) (curl \(code))" }

    init(_ kind: Kind, code: Int32 = 0, mayHaveArrived: Bool = false) {
        self.kind = kind
        self.code = code
        self.mayHaveArrived = mayHaveArrived
    }

    init(_ result: CURLcode, mayHaveArrived: Bool) {
        // libcurl says "unsupported protocol" both of our address and of an answer that is not HTTP.
        let kind = HTTPError.kind(of: result)
        let blamed = kind == .invalidRequest && mayHaveArrived ? .protocolViolation : kind
        self.init(blamed, code: Int32(result.rawValue), mayHaveArrived: mayHaveArrived)
    }

    private static func kind(of result: CURLcode) -> Kind {
        switch result {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION: .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolvedHost
        case CURLE_COULDNT_CONNECT: .unreachable
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            .tls
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .connectionLost
        case CURLE_FILESIZE_EXCEEDED: .bodyTooLarge
        case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_BAD_CONTENT_ENCODING: .protocolViolation
        default: .library
        }
    }
}
