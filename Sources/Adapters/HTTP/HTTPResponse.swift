/// What the server answered. Any status is a response; only an exchange that did not end is an `HTTPError`.
public struct HTTPResponse: Sendable {
    /// 100 to 599.
    public let status: Int
    /// In the order received; interim (1xx) responses are left out.
    public let headers: [HTTPHeader]
    /// At most the request's `maximumBodyBytes`, decoded from any content encoding only by the caller.
    public let body: [UInt8]

    /// Whether the status is 200 to 299.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether the same request may succeed later: 408, 425, 429 and every 5xx but 501 and 505.
    public var isRetriable: Bool {
        switch status {
        case 408, 425, 429: true
        case 501, 505: false
        case 500...: true
        default: false
        }
    }

    /// The body as text; malformed UTF-8 is replaced.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The first field of this name, without regard to case.
    public func header(_ name: String) -> String? { headers.value(of: name) }
}
