import Glibc

/// Bytes to and from the broker, over TCP or TLS, never waiting.
final class Transport {
    private let socket: Socket
    private var tls: TLSSession?

    /// - Throws: `.unreachable` or `.tls`.
    init(_ configuration: BrokerConfiguration, until deadline: Deadline) throws(BrokerError) {
        let socket = try Socket.connect(to: configuration.host, port: configuration.port, until: deadline)
        if let options = configuration.tls {
            tls = try TLSSession.open(over: socket, host: configuration.host, options: options, until: deadline)
        }
        self.socket = socket
    }

    var descriptor: Int32 { socket.descriptor }

    /// Whether there is something to read that `poll` cannot see.
    var hasPending: Bool { tls?.hasPending ?? false }

    /// What to wait for.
    func events(hasOutput: Bool) -> Int32 {
        hasOutput || (tls?.wantsToWrite ?? false) ? POLLIN | POLLOUT : POLLIN
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
        tls?.read(into: buffer) ?? socket.read(into: buffer)
    }

    func write(_ buffer: UnsafeRawBufferPointer) -> IOResult {
        tls?.write(buffer) ?? socket.write(buffer)
    }
}
