import CLibcurl

/// Sends requests one at a time and waits for each answer. Keeps connections open between calls to the same host, for verbs that may be
/// repeated: a `POST` or `PATCH` leaves this process at most once.
///
/// Not `Sendable`: one thread owns it. Every call ends within the request's `totalTimeout`. Nothing is logged here. A proxy is taken from
/// the environment (`https_proxy`, `no_proxy`), never for a loopback address.
public final class HTTPClient {
    private let handle: CurlHandle
    private let agent: String

    /// - Parameter agent: what the server sees as `User-Agent`.
    /// - Throws: `library` where libcurl cannot be set up; trying again does not help.
    public init(agent: String = "purser") throws(HTTPError) {
        self.agent = agent
        handle = try CurlHandle()
    }

    /// Sends one request and returns the answer, whatever its status.
    /// - Throws: `HTTPError`; `isRetriable` and `mayHaveArrived` say what may be done next.
    public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        try HTTPClient.validate(request)
        let collector = ResponseCollector(maximumBodyBytes: request.maximumBodyBytes)
        handle.reset()
        try setAddress(request)
        try setBounds(request)
        var list = HeaderList()
        try setHeaders(request, &list)
        try handle.set(CURLOPT_HTTPHEADER, list: list)
        try handle.set(CURLOPT_WRITEFUNCTION, sink: collectBody)
        try handle.set(CURLOPT_HEADERFUNCTION, sink: collectHeader)
        let context = UnsafeRawPointer(Unmanaged.passUnretained(collector).toOpaque())
        try handle.set(CURLOPT_WRITEDATA, unretained: context)
        try handle.set(CURLOPT_HEADERDATA, unretained: context)
        let result = try withExtendedLifetime(collector) { () throws(HTTPError) in try perform(request) }
        let arrived = handle.number(CURLINFO_REQUEST_SIZE) > 0
        if let overflow = collector.overflow { throw HTTPError(overflow, code: Int32(result.rawValue), mayHaveArrived: arrived) }
        guard result == CURLE_OK else { throw HTTPError(result, mayHaveArrived: arrived) }
        return HTTPResponse(status: handle.number(CURLINFO_RESPONSE_CODE), headers: collector.headers, body: collector.body)
    }

    private func perform(_ request: HTTPRequest) throws(HTTPError) -> CURLcode {
        guard let body = HTTPClient.body(of: request) else {
            try handle.set(request.method == .head ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1)
            try handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            return handle.perform()
        }
        try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, bytes: body.count)
        try handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        guard !body.isEmpty else {
            // An empty array may have no address, and without an address libcurl would read standard input. Only for an empty body:
            // libcurl copies as many bytes as the size says, and the text has none.
            try handle.set(CURLOPT_COPYPOSTFIELDS, "")
            return handle.perform()
        }
        // libcurl reads the body from our memory, so the call is made inside.
        return try body.withUnsafeBufferPointer { (bytes) throws(HTTPError) in
            try handle.set(CURLOPT_POSTFIELDS, unretained: bytes.baseAddress)
            return handle.perform()
        }
    }

    /// Verbs that carry content get an empty body where none is given, so that the length is always sent.
    private static func body(of request: HTTPRequest) -> [UInt8]? {
        switch request.method {
        case .post, .put, .patch: request.body ?? []
        case .get, .head, .delete: request.body
        }
    }

    private func setAddress(_ request: HTTPRequest) throws(HTTPError) {
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_URL, request.url)
        // When a kept connection ends without an answer, libcurl sends the request once more on another one, by itself. Whatever may
        // have been done must not be done twice, so it gets a connection of its own.
        if !request.method.isRepeatable { try handle.set(CURLOPT_FRESH_CONNECT, 1) }
        if HTTPClient.isLoopback(request.url) { try handle.set(CURLOPT_PROXY, "") }
    }

    private func setBounds(_ request: HTTPRequest) throws(HTTPError) {
        // Without this libcurl may use SIGALRM, which belongs to nobody in a program with threads.
        try handle.set(CURLOPT_NOSIGNAL, 1)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, HTTPClient.milliseconds(request.connectTimeout))
        try handle.set(CURLOPT_TIMEOUT_MS, HTTPClient.milliseconds(request.totalTimeout))
        try handle.set(CURLOPT_SSL_VERIFYPEER, request.verifiesTLS ? 1 : 0)
        try handle.set(CURLOPT_SSL_VERIFYHOST, request.verifiesTLS ? 2 : 0)
        if let file = request.authoritiesFile { try handle.set(CURLOPT_CAINFO, file) }
    }

    private func setHeaders(_ request: HTTPRequest, _ list: inout HeaderList) throws(HTTPError) {
        try handle.set(CURLOPT_USERAGENT, agent)
        if let credentials = request.credentials {
            try handle.set(CURLOPT_USERNAME, credentials.user)
            try handle.set(CURLOPT_PASSWORD, credentials.password)
        }
        for header in request.headers {
            // A name with nothing behind the colon means "leave it out" to libcurl; a semicolon sends it empty.
            try list.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        // Neither a pause of a second before larger bodies nor a made-up content type.
        try list.append("Expect:")
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) { try list.append("Content-Type:") }
    }

    private static func validate(_ request: HTTPRequest) throws(HTTPError) {
        let isUnsafe: (UInt8) -> Bool = { $0 == 0 || $0 == 0x0A || $0 == 0x0D }
        var texts = [request.url, request.authoritiesFile ?? "", request.credentials?.user ?? "", request.credentials?.password ?? ""]
        for header in request.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy({ isTokenByte($0) }) else { throw HTTPError(.invalidRequest) }
            texts.append(header.value)
        }
        for text in texts where text.utf8.contains(where: isUnsafe) { throw HTTPError(.invalidRequest) }
    }

    /// RFC 9110 5.6.2: the bytes of which a header's name may consist.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func isLoopback(_ url: String) -> Bool {
        ["://127.", "://localhost:", "://localhost/", "://[::1]"].contains { url.contains($0) } || url.hasSuffix("://localhost")
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let parts = duration.components
        let whole = parts.seconds.multipliedReportingOverflow(by: 1000)
        guard !whole.overflow, whole.partialValue <= Int64(Int32.max) else { return Int(Int32.max) }
        // 0 would mean "for ever" to libcurl.
        return max(1, Int(whole.partialValue + parts.attoseconds / 1_000_000_000_000_000))
    }
}
