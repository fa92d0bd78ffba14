/// A request as a server received it, complete with its body. A value.
public struct ServerRequest: Sendable {
    /// As sent: `GET`, `POST`, ...
    public let method: String
    /// The part of the target before `?`, as sent: percent-encoded.
    public let path: String
    /// What stands behind `?`, as sent, without it; empty where there is none.
    public let query: String
    /// In the order received.
    public let headers: [HTTPHeader]
    /// The raw bytes.
    public let body: [UInt8]

    /// A request with these parts; tests make their own.
    public init(method: String, path: String, query: String = "", headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The first field of this name, without regard to case.
    public func header(_ name: String) -> String? { headers.value(of: name) }

    /// The body as text; malformed UTF-8 is replaced.
    public var text: String { String(decoding: body, as: UTF8.self) }
}
