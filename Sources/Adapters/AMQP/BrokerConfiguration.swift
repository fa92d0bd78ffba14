/// Where the broker is and how long to wait for it. Made once from a URL, then adjusted.
public struct BrokerConfiguration: Sendable {
    /// How TLS is done; present for `amqps` only.
    public struct TLS: Sendable, Equatable {
        /// File of trusted certificates (PEM); nil means the system's own.
        public var certificateAuthorityFile: String?
        /// File with our certificate chain (PEM), where the broker asks for one.
        public var certificateFile: String?
        /// File with the key that belongs to `certificateFile` (PEM).
        public var keyFile: String?
        /// Whether the peer's certificate and name are verified. Only tests have a reason to say no.
        public var verifiesPeer = true

        /// TLS with the system's certificate authorities and full verification.
        public init() {}
    }

    /// Name or address of the broker.
    public var host: String
    /// TCP port.
    public var port: UInt16
    /// User name for PLAIN.
    public var user: String
    /// Password for PLAIN; never appears in an error or a description.
    public var password: String
    /// Virtual host.
    public var virtualHost: String
    /// TLS options, nil for plain TCP.
    public var tls: TLS?
    /// Heartbeat interval we ask for; the smaller one of ours and the broker's counts. Zero turns heartbeats off. Whole seconds.
    public var heartbeat: Duration = .seconds(30)
    /// Bound on name lookup, TCP, TLS and the AMQP handshake together.
    public var connectTimeout: Duration = .seconds(10)
    /// Bound on one request that the broker answers (declare, consume, get...).
    public var requestTimeout: Duration = .seconds(15)
    /// Bound on `publish` and `flush` when the broker takes nothing.
    public var publishTimeout: Duration = .seconds(10)
    /// Bound on the orderly close.
    public var closeTimeout: Duration = .seconds(2)
    /// Largest body accepted from the broker, in bytes (RabbitMQ 3.10's own limit).
    public var maximumBodySize = 134_217_728
    /// A larger body that is delivered to a consumer is read past and not kept, so that memory does not follow the largest message.
    public var largestKeptBody = Int.max

    /// Reads `amqp[s]://user:password@host:port/vhost?cacertfile=&certfile=&keyfile=&verify=verify_peer|verify_none&heartbeat=seconds`
    /// `&connection_timeout=milliseconds`. No path, or an empty one, is the virtual host `/`.
    /// - Throws: `.misconfigured`, which names the part of the URL but never shows a password; not worth a retry.
    public init(url: String) throws(BrokerError) {
        let parts = try BrokerURL(url)
        host = parts.host
        port = parts.port ?? (parts.isSecure ? 5671 : 5672)
        user = parts.user ?? "guest"
        password = parts.password ?? "guest"
        virtualHost = parts.virtualHost
        tls = parts.isSecure ? TLS() : nil
        for (name, value) in parts.options { try apply(option: name, value) }
    }

    private mutating func apply(option name: String, _ value: String) throws(BrokerError) {
        switch name {
        case "heartbeat":
            guard let seconds = UInt16(value) else { throw BrokerURL.refusal("heartbeat is not a number of seconds") }
            heartbeat = .seconds(Int(seconds))
        case "connection_timeout":
            guard let milliseconds = UInt32(value), milliseconds > 0 else {
                throw BrokerURL.refusal("connection_timeout is not a number of milliseconds")
            }
            connectTimeout = .milliseconds(Int(milliseconds))
        case "cacertfile", "certfile", "keyfile", "verify":
            guard tls != nil else { throw BrokerURL.refusal("\(name) is an option of amqps only") }
            try apply(tlsOption: name, value)
        default:
            throw BrokerURL.refusal("unknown option \(name)")
        }
    }

    private mutating func apply(tlsOption name: String, _ value: String) throws(BrokerError) {
        switch name {
        case "cacertfile": tls?.certificateAuthorityFile = value
        case "certfile": tls?.certificateFile = value
        case "keyfile": tls?.keyFile = value
        default:
            guard value == "verify_peer" || value == "verify_none" else {
                throw BrokerURL.refusal("verify is neither verify_peer nor verify_none")
            }
            tls?.verifiesPeer = value == "verify_peer"
        }
    }
}
