import CLibmicrohttpd

/// One request that is being received, and what has come of it so far. Belongs to the thread that serves its connection.
///
/// Made when the request line is read, freed when libmicrohttpd reports the end of the request, whatever the reason.
final class Exchange {
    enum Stage {
        /// The header is not complete yet.
        case opened
        /// The header was looked at, the body comes in.
        case receiving
        /// An answer is on its way.
        case answered
    }

    let target: String
    var stage = Stage.opened
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    private let maximumBodyBytes: Int
    private var received = 0

    init(target: String, maximumBodyBytes: Int) {
        self.target = target
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// Keeps what fits. False once so much came beyond the bound that the sender will not be listened to any more.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        received += bytes.count
        if received > maximumBodyBytes {
            isTooLarge = true
            body = []
        } else {
            body.append(contentsOf: bytes)
        }
        return received <= maximumBodyBytes + Exchange.patience
    }

    /// Marks a body whose announced length is over the bound.
    func refuse() {
        isTooLarge = true
    }

    /// A body without announced length is read to its end, so that its sender sees the refusal, but not for ever.
    private static let patience = 16 << 20

    func announces(_ length: String?) -> Bool {
        length.flatMap { Int($0) }.map { $0 <= maximumBodyBytes } ?? (length == nil)
    }

    func request(method: String, headers: [HTTPHeader]) -> ServerRequest {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return ServerRequest(
            method: method, path: String(parts[0]), query: parts.count == 2 ? String(parts[1]) : "", headers: headers, body: body)
    }
}

/// Collects the header of a request for libmicrohttpd's iterator.
final class HeaderCollector {
    var headers: [HTTPHeader] = []

    static func headers(of connection: OpaquePointer?) -> [HTTPHeader] {
        let collector = HeaderCollector()
        withExtendedLifetime(collector) {
            _ = MHD_get_connection_values(
                connection, purser_mhd_header, collectServerHeader, Unmanaged.passUnretained(collector).toOpaque())
        }
        return collector.headers
    }
}

/// libmicrohttpd's iterator over header fields. Top level: a closure would inherit its surroundings' actor.
func collectServerHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let context, let name else { return purser_mhd_yes }
    let collector = Unmanaged<HeaderCollector>.fromOpaque(context).takeUnretainedValue()
    collector.headers.append(HTTPHeader(String(cString: name), value.map { String(cString: $0) } ?? ""))
    return purser_mhd_yes
}
