import Glibc
import HTTP
import Synchronization
import Testing

@Suite("HTTP server")
struct HTTPServerTests {
    private func server(
        _ change: (inout HTTPServerConfiguration) -> Void = { _ in }, _ handler: @escaping HTTPServer.Handler
    ) throws -> HTTPServer {
        var configuration = HTTPServerConfiguration(address: "127.0.0.1", port: 0)
        change(&configuration)
        return try HTTPServer(configuration, handler: handler)
    }

    private func send(_ server: HTTPServer, _ change: (inout HTTPRequest) -> Void = { _ in }) throws(HTTPError) -> HTTPResponse {
        var request = HTTPRequest(.get, "http://127.0.0.1:\(server.port)/")
        change(&request)
        return try HTTPClient().send(request)
    }

    @Test("the handler sees the request as it was sent")
    func request() throws {
        let seen = Mutex<ServerRequest?>(nil)
        let server = try server { request in
            seen.withLock { $0 = request }
            return ServerResponse(201, headers: [HTTPHeader("X-Answer", "a b")], body: [0, 255])
        }
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        let response = try send(server) {
            $0 = HTTPRequest(.post, "http://127.0.0.1:\(server.port)/a%20b/%2f?x=%5B0%5D&y=a+b?c", body: bytes)
            $0.headers = [HTTPHeader("X-One", "1"), HTTPHeader("X-Empty", "")]
        }
        #expect(response.status == 201 && response.body == [0, 255] && response.header("x-answer") == "a b")
        let request = seen.withLock { $0 }
        #expect(request?.method == "POST" && request?.path == "/a%20b/%2f" && request?.query == "x=%5B0%5D&y=a+b?c")
        #expect(request?.header("x-one") == "1" && request?.header("X-Empty") == "" && request?.header("absent") == nil)
        #expect(request?.body == bytes)
    }

    @Test("many connections at once, on a pool and on a thread each", arguments: [true, false])
    func concurrency(isPool: Bool) async throws {
        let server = try server({ $0.threads = isPool ? .pool(2) : .perConnection }) { ServerResponse(200, "text/plain", $0.text) }
        let port = server.port
        let answers = await withTaskGroup(of: String?.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try? HTTPClient().send(HTTPRequest(.post, "http://127.0.0.1:\(port)/", body: Array("\(number)".utf8))).text
                }
            }
            return await group.reduce(into: Set<String>()) { if let text = $1 { $0.insert(text) } }
        }
        #expect(answers.count == 50)
    }

    @Test("a body of exactly the bound is taken, one byte more is not", arguments: [(1000, 200), (1001, 413), (500_000, 413)])
    func bodyBound(count: Int, status: Int) throws {
        let server = try server({ $0.maximumBodyBytes = 1000 }) { ServerResponse(200, "text/plain", "\($0.body.count)") }
        let answer = try? send(server) { $0 = HTTPRequest(.post, $0.url, body: [UInt8](repeating: 1, count: count)) }
        // A sender that is still busy when the refusal comes may find the connection closed instead.
        #expect(answer?.status == status || (answer == nil && count > 100_000))
    }

    @Test("a chunked body has the same bound")
    func chunkedBound() throws {
        let server = try server({ $0.maximumBodyBytes = 10 }) { ServerResponse(200, "text/plain", $0.text) }
        let head = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(try exchange(server, head + "5\r\nabcde\r\n0\r\n\r\n").hasSuffix("abcde"))
        #expect(try exchange(server, head + "8\r\nabcdefgh\r\n8\r\nabcdefgh\r\n0\r\n\r\n").hasPrefix("HTTP/1.1 413"))
    }

    @Test("a header over the bound is refused")
    func headerBound() throws {
        let server = try server({ $0.maximumHeaderBytes = 4096 }) { _ in ServerResponse(200) }
        let answer = try send(server) { $0.headers = (0..<100).map { HTTPHeader("X-\($0)", String(repeating: "y", count: 100)) } }
        #expect(answer.status == 431)
    }

    @Test("a connection that says nothing is closed")
    func idle() throws {
        let server = try server({ $0.idleSeconds = 1 }) { _ in ServerResponse(200) }
        #expect(try exchange(server, "GET / HTTP/1.1\r\n") == "")
    }

    @Test("an answer can be cut off, and left out")
    func cuts() throws {
        let server = try server { request in
            var response = ServerResponse(200, "text/plain", String(repeating: "z", count: 1000))
            response.delivery = request.path == "/cut" ? .cut(afterBytes: 500) : .nothing
            return response
        }
        for path in ["cut", "nothing"] {
            #expect(throws: HTTPError.self) { try send(server) { $0.url += path } }
        }
        #expect(try exchange(server, "GET /cut HTTP/1.1\r\nHost: h\r\n\r\n").filter { $0 == "z" }.count == 500)
        #expect(try exchange(server, "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n") == "")
    }

    @Test("a stop waits for what has begun, and takes nothing new")
    func stop() async throws {
        let begun = Latch()
        let released = Latch()
        let server = try server({ $0.threads = .perConnection }) { _ in
            begun.open()
            released.wait()
            return ServerResponse(200, "text/plain", "done")
        }
        let descriptor = try connected(server)
        defer { close(descriptor) }
        try write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", to: descriptor)
        begun.wait()
        async let isDone = Task.detached { server.stop(within: .seconds(20)) }.value
        released.open()
        #expect(await isDone)
        #expect(read(from: descriptor).hasSuffix("done"))
        #expect(throws: HTTPError.self) { try send(server) }
        #expect(server.stop(within: .zero))
    }

    @Test("an address that is none, and one that is taken")
    func addresses() throws {
        let first = try server { _ in ServerResponse(200) }
        do {
            _ = try HTTPServer(HTTPServerConfiguration(address: "localhost", port: 0)) { _ in ServerResponse(200) }
            Issue.record("listens on a name")
        } catch {
            #expect(error.kind == .invalidAddress)
        }
        do {
            _ = try HTTPServer(HTTPServerConfiguration(address: "127.0.0.1", port: first.port)) { _ in ServerResponse(200) }
            Issue.record("listens twice")
        } catch {
            #expect(error.kind == .cannotListen)
        }
        #expect(try HTTPServer(HTTPServerConfiguration(address: "::1", port: 0)) { _ in ServerResponse(200) }.port > 0)
    }

    /// Sends bytes and reads until the server closes.
    private func exchange(_ server: HTTPServer, _ text: String) throws -> String {
        let descriptor = try connected(server)
        defer { close(descriptor) }
        try write(text, to: descriptor)
        return read(from: descriptor)
    }

    private func connected(_ server: HTTPServer) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = server.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) == 0 }
        }
        try #require(isConnected)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }

    private func write(_ text: String, to descriptor: Int32) throws {
        let bytes = Array(text.utf8)
        try #require(Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    }

    private func read(from descriptor: Int32) -> String {
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &chunk, chunk.count, 0), count > 0 { answer += chunk[..<count] }
        return String(decoding: answer, as: UTF8.self)
    }
}

/// Opened once by one thread, waited for by another.
private final class Latch: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no descriptor is free")
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func open() {
        var one: UInt8 = 1
        _ = Glibc.write(writeEnd, &one, 1)
    }

    func wait() {
        var byte: UInt8 = 0
        _ = Glibc.read(readEnd, &byte, 1)
    }
}
