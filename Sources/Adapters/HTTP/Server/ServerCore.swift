import CLibmicrohttpd
import Glibc
import Synchronization

/// What the callbacks of one server share.
final class ServerCore: Sendable {
    let maximumBodyBytes: Int
    private let handler: HTTPServer.Handler
    private let running = Mutex(0)

    init(maximumBodyBytes: Int, handler: @escaping HTTPServer.Handler) {
        self.maximumBodyBytes = maximumBodyBytes
        self.handler = handler
    }

    func begin(_ target: String) -> Exchange {
        running.withLock { $0 += 1 }
        return Exchange(target: target, maximumBodyBytes: maximumBodyBytes)
    }

    func end() {
        running.withLock { $0 -= 1 }
    }

    /// Looks every few milliseconds: it happens once in the life of a server.
    func waitForEnd(within time: Duration) -> Bool {
        let deadline = ContinuousClock.now + time
        while running.withLock({ $0 > 0 }) {
            guard ContinuousClock.now < deadline else { return false }
            usleep(5000)
        }
        return true
    }

    /// One step of an exchange; called again and again by libmicrohttpd until an answer is queued.
    func advance(
        _ exchange: Exchange, _ connection: OpaquePointer?, method: String, bytes: UnsafeRawBufferPointer, consumed: () -> Void
    ) -> MHD_Result {
        switch exchange.stage {
        case .answered: return purser_mhd_yes
        case .opened:
            exchange.stage = .receiving
            let length = MHD_lookup_connection_value(connection, purser_mhd_header, "Content-Length").map { String(cString: $0) }
            if exchange.announces(length) { return purser_mhd_yes }
            // Answered before the body is sent; libmicrohttpd closes the connection afterwards.
            exchange.refuse()
        case .receiving:
            if !bytes.isEmpty {
                consumed()
                return exchange.take(bytes) ? purser_mhd_yes : purser_mhd_no
            }
        }
        exchange.stage = .answered
        let response =
            exchange.isTooLarge
            ? ServerResponse(413, "text/plain; charset=utf-8", "the body is too large\n")
            : handler(exchange.request(method: method, headers: HeaderCollector.headers(of: connection)))
        return ResponseWriter.queue(response, on: connection)
    }
}

/// libmicrohttpd has read a request line: the exchange that is made here comes with every later call. Released by `endExchange`.
func beginExchange(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context, let target else { return nil }
    let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    return Unmanaged.passRetained(core.begin(String(cString: target))).toOpaque()
}

/// libmicrohttpd has a header, a piece of a body, or the end of a body.
func handleAccess(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ target: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?, _ uploadSize: UnsafeMutablePointer<Int>?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let method, let uploadSize, let pointer = slot?.pointee else { return purser_mhd_no }
    let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: upload, count: upload == nil ? 0 : uploadSize.pointee)
    return core.advance(exchange, connection, method: String(cString: method), bytes: bytes) { uploadSize.pointee = 0 }
}

/// A request has ended, well or not.
func endExchange(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ reason: MHD_RequestTerminationCode
) {
    guard let context, let pointer = slot?.pointee else { return }
    Unmanaged<Exchange>.fromOpaque(pointer).release()
    slot?.pointee = nil
    Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue().end()
}
