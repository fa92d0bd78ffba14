/// Where a server listens and how much it takes from a stranger. A value.
public struct HTTPServerConfiguration: Sendable {
    /// Which threads call the handler.
    public enum Threads: Sendable {
        /// So many, each serving several connections in turn: for handlers that answer at once.
        case pool(Int)
        /// One for each open connection: for handlers that block, since none can hold another one up.
        case perConnection
    }

    /// An IPv4 or IPv6 address, not a name.
    public var address: String
    /// 0: any free one; `HTTPServer.port` tells which.
    public var port: UInt16
    /// A pool of two threads by default.
    public var threads: Threads = .pool(2)
    /// Open connections; further ones are closed at once.
    public var maximumConnections = 256
    /// Request line and header together; a longer one is answered 431, a request line that does not fit even by itself 414.
    public var maximumHeaderBytes = 32 << 10
    /// A larger body is answered 413.
    public var maximumBodyBytes = 1 << 20
    /// A connection on which nothing moves for so many seconds is closed; it must be longer than any handler takes.
    public var idleSeconds = 75

    /// A server with the default bounds.
    public init(address: String, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// Why a server could not start.
public struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Kind: String, Sendable {
        /// The address is neither IPv4 nor IPv6.
        case invalidAddress = "not an IP address"
        /// Somebody else listens there, or it is not ours to listen on.
        case cannotListen = "cannot listen"
    }

    /// What went wrong.
    public let kind: Kind
    /// The system's error number, 0 where it was not asked.
    public let code: Int32

    /// Constant words and the code.
    public var description: String { code == 0 ? "HTTP server: \(kind.rawValue)" : "HTTP server: \(kind.rawValue) (errno \(code))" }
}
