import CLibcurl

/// Takes in what libcurl hands over during one exchange, within bounds. Lives for one call of `HTTPClient.send`, on one thread.
final class ResponseCollector {
    /// Header bytes of one response that are kept at most; beyond that the exchange is refused.
    static let maximumHeaderBytes = 64 << 10

    private(set) var body: [UInt8] = []
    private(set) var headers: [HTTPHeader] = []
    private(set) var overflow: HTTPError.Kind?
    private let maximumBodyBytes: Int
    private var headerBytes = 0

    init(maximumBodyBytes: Int) {
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// False ends the exchange: the body became larger than the request accepts.
    func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= maximumBodyBytes else {
            overflow = .bodyTooLarge
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// False ends the exchange: the header is too large.
    func take(headerLine bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= ResponseCollector.maximumHeaderBytes else {
            overflow = .protocolViolation
            return false
        }
        if bytes.starts(with: "HTTP/".utf8) {
            // A status line opens a new response: what came before belonged to an interim one.
            headers.removeAll(keepingCapacity: true)
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: bytes[..<colon], as: UTF8.self)
            headers.append(HTTPHeader(name, ResponseCollector.trimmed(bytes[(colon + 1)...])))
        }
        return true
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}

/// libcurl's write callback. Top level: a closure would inherit its surroundings' actor.
func collectBody(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let context else { return 0 }
    let collector = Unmanaged<ResponseCollector>.fromOpaque(context).takeUnretainedValue()
    return collector.take(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

/// libcurl's header callback: one call per complete line.
func collectHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let context else { return 0 }
    let collector = Unmanaged<ResponseCollector>.fromOpaque(context).takeUnretainedValue()
    return collector.take(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}
