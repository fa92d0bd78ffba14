import CLibmicrohttpd
import Glibc
import Synchronization

/// An HTTP/1.1 server: one handler for every request, called with the whole request in a thread of the server's.
///
/// Knows nothing of what it serves. Any thread may start and stop it; the handler is called from several threads at once.
public final class HTTPServer: Sendable {
    /// Takes a request, returns the answer. Blocking holds up the connections of its thread: see `HTTPServerConfiguration.Threads`.
    public typealias Handler = @Sendable (ServerRequest) -> ServerResponse

    /// Where it really listens.
    public let port: UInt16
    private let core: ServerCore
    private let daemon: Mutex<DaemonHandle?>

    /// Listens from here on.
    /// - Throws: `HTTPServerError`; somebody else on the port may go away, a wrong address does not mend itself.
    public init(_ configuration: HTTPServerConfiguration, handler: @escaping Handler) throws(HTTPServerError) {
        core = ServerCore(maximumBodyBytes: configuration.maximumBodyBytes, handler: handler)
        let started = try HTTPServer.start(configuration, core)
        port = purser_mhd_port(started.pointer)
        daemon = Mutex(started)
    }

    deinit {
        stop(within: .zero)
    }

    /// Takes no more connections, lets requests that have begun end within a time, then closes what is left. Only the first call acts.
    /// - Returns: whether every request that had begun was answered.
    @discardableResult
    public func stop(within time: Duration) -> Bool {
        let handle = daemon.withLock { handle in
            defer { handle = nil }
            return handle
        }
        guard let handle else { return true }
        let listener = MHD_quiesce_daemon(handle.pointer)
        let isDone = core.waitForEnd(within: time)
        MHD_stop_daemon(handle.pointer)
        // Given back by the call that quiesced; whoever waits for a connection there is told at once.
        if listener >= 0 { close(listener) }
        return isDone
    }

    private static func start(_ configuration: HTTPServerConfiguration, _ core: ServerCore) throws(HTTPServerError) -> DaemonHandle {
        // Unretained: the server keeps the core until the daemon, and with it every thread that uses it, has ended.
        let context = Unmanaged.passUnretained(core).toOpaque()
        var threads: UInt32 = 0
        if case .pool(let count) = configuration.threads { threads = UInt32(max(1, count)) }
        let start: (UnsafePointer<sockaddr>) -> OpaquePointer? = { address in
            purser_mhd_start(
                address, threads, UInt32(configuration.maximumConnections), configuration.maximumHeaderBytes,
                UInt32(configuration.idleSeconds), handleAccess, beginExchange, endExchange, context)
        }
        errno = 0
        guard let made = try withAddress(configuration, start) else { throw HTTPServerError(kind: .cannotListen, code: errno) }
        return DaemonHandle(pointer: made)
    }

    private static func withAddress<R>(
        _ configuration: HTTPServerConfiguration, _ body: (UnsafePointer<sockaddr>) -> R
    ) throws(HTTPServerError) -> R {
        var four = sockaddr_in()
        if inet_pton(AF_INET, configuration.address, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = configuration.port.bigEndian
            return withUnsafePointer(to: &four) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) } }
        }
        var six = sockaddr_in6()
        if inet_pton(AF_INET6, configuration.address, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = configuration.port.bigEndian
            return withUnsafePointer(to: &six) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) } }
        }
        throw HTTPServerError(kind: .invalidAddress, code: 0)
    }
}

/// libmicrohttpd's daemon, which any thread may stop.
// The library guards the daemon itself; the pointer is taken out of its mutex by the one call that stops it.
private struct DaemonHandle: @unchecked Sendable {
    let pointer: OpaquePointer
}
