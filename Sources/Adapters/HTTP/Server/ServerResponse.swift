/// What a server answers. A value.
public struct ServerResponse: Sendable, Equatable {
    /// How much of the answer the client gets to see. All but `whole` are for programs that test clients.
    public enum Delivery: Sendable, Equatable {
        /// All of it.
        case whole
        /// The header and so many bytes of the body, then the connection is closed.
        case cut(afterBytes: Int)
        /// The connection is closed without a word.
        case nothing
    }

    /// 100 to 599.
    public var status: Int
    /// Sent in this order; length and date are added.
    public var headers: [HTTPHeader]
    /// The raw bytes; not sent in answer to `HEAD`.
    public var body: [UInt8]
    /// How much of it is sent.
    public var delivery: Delivery = .whole

    /// An answer with these parts.
    public init(_ status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer with text of a media type, such as `text/plain; charset=utf-8`.
    public init(_ status: Int, _ mediaType: String, _ text: String) {
        self.init(status, headers: [HTTPHeader("Content-Type", mediaType)], body: Array(text.utf8))
    }
}
