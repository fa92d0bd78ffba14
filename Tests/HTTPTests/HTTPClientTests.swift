import Glibc
import HTTP
import Testing

@Suite("HTTP client")
struct HTTPClientTests {
    private func answer(
        _ steps: [ScriptedServer.Step], _ change: (inout HTTPRequest) -> Void = { _ in }
    ) throws -> (HTTPResponse, ScriptedServer) {
        let server = ScriptedServer(steps)
        var request = HTTPRequest(.get, "http://127.0.0.1:\(server.port)/path?a=b")
        change(&request)
        return (try HTTPClient().send(request), server)
    }

    private func failure(_ steps: [ScriptedServer.Step], _ change: (inout HTTPRequest) -> Void = { _ in }) -> HTTPError? {
        do {
            _ = try answer(steps, change)
            return nil
        } catch let error as HTTPError {
            return error
        } catch {
            return nil
        }
    }

    @Test("status, headers and body come back")
    func response() throws {
        let (response, server) = try answer([
            .send("HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-Padded:   v v  \r\n\r\nhello")
        ])
        #expect(response.status == 201 && response.isSuccess && response.text == "hello")
        #expect(response.header("x-padded") == "v v" && response.header("absent") == nil)
        #expect(server.request.hasPrefix("GET /path?a=b HTTP/1.1\r\n"))
    }

    @Test("an interim response leaves no headers behind")
    func interim() throws {
        let (response, _) = try answer([
            .send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        ])
        #expect(response.status == 200 && response.header("link") == nil)
    }

    @Test("a post carries its body, headers and credentials, and no header of libcurl's own making")
    func post() throws {
        let (_, server) = try answer([.send("HTTP/1.1 204 No Content\r\n\r\n")]) {
            $0.method = .post
            $0.body = Array("{\"a\":1}END".utf8)
            $0.headers = [HTTPHeader("X-One", "1"), HTTPHeader("X-Empty", "")]
            $0.credentials = HTTPCredentials(user: "ann", password: "p:w")
        }
        let text = server.request
        #expect(text.contains("X-One: 1\r\n") && text.contains("X-Empty:\r\n") && text.contains("Content-Length: 10\r\n"))
        #expect(text.contains("Authorization: Basic YW5uOnA6dw==\r\n"))
        #expect(!text.lowercased().contains("expect:") && !text.lowercased().contains("content-type:"))
        #expect(text.hasSuffix("{\"a\":1}END"))
    }

    @Test("the whole exchange has a deadline, and a request that was sent may have arrived")
    func totalTimeout() {
        let error = failure([.hold]) { $0.totalTimeout = .milliseconds(100) }
        #expect(error?.kind == .timeout && error?.isRetriable == true && error?.mayHaveArrived == true)
    }

    @Test("a body over the bound is refused")
    func tooLarge() {
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        let error = failure([.send(head), .fill(5000)]) { $0.maximumBodyBytes = 4999 }
        #expect(error?.kind == .bodyTooLarge && error?.isRetriable == false)
    }

    @Test("a body of exactly the bound is accepted")
    func exactlyLarge() throws {
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        let (response, _) = try answer([.send(head), .fill(5000)]) { $0.maximumBodyBytes = 5000 }
        #expect(response.body.count == 5000)
    }

    @Test("a header without end is refused")
    func endlessHeader() {
        let error = failure([.send("HTTP/1.1 200 OK\r\n")] + (0..<100).map { .send("X-\($0): \(String(repeating: "y", count: 1000))\r\n") })
        #expect(error?.kind == .protocolViolation)
    }

    @Test("a connection that ends too early is lost and may be tried again")
    func lost() {
        let cut = failure([.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")])
        #expect(cut?.kind == .connectionLost && cut?.isRetriable == true && cut?.mayHaveArrived == true)
        #expect(failure([])?.kind == .connectionLost)
    }

    @Test("what is not HTTP is a violation")
    func notHTTP() {
        #expect(failure([.send("220 smtp ready\r\n\r\n")])?.kind == .protocolViolation)
    }

    @Test("nobody listening: unreachable, and nothing can have arrived")
    func unreachable() {
        #expect(throws: HTTPError.self) { try HTTPClient().send(HTTPRequest(.get, "http://127.0.0.1:1/")) }
        do {
            _ = try HTTPClient().send(HTTPRequest(.get, "http://127.0.0.1:1/"))
        } catch {
            #expect(error.kind == .unreachable && error.isRetriable && !error.mayHaveArrived)
            #expect(error.description == "HTTP: cannot connect (curl 7)")
        }
    }

    @Test("a plain server is no TLS server")
    func plainServerOverTLS() {
        let server = ScriptedServer([.send("HTTP/1.1 200 OK\r\n\r\n")])
        var request = HTTPRequest(.get, "https://127.0.0.1:\(server.port)/")
        request.totalTimeout = .milliseconds(300)
        do {
            _ = try HTTPClient().send(request)
            Issue.record("answered")
        } catch {
            #expect([.tls, .timeout].contains(error.kind) && !error.mayHaveArrived)
        }
    }

    @Test(
        "requests that cannot be sent are refused at once",
        arguments: ["", "no address", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://a\r\nb/", "http://a\u{0}b/"])
    func invalid(_ url: String) {
        do {
            _ = try HTTPClient().send(HTTPRequest(.get, url))
            Issue.record("answered")
        } catch {
            #expect(!error.isRetriable || error.kind == .unresolvedHost, "\(url): \(error)")
            #expect(!error.mayHaveArrived)
        }
    }

    @Test(
        "line breaks cannot be smuggled into a header",
        arguments: [("X-A", "1\r\nX-B: 2"), ("X\r\nA", "1"), ("", "1"), ("X:A", "1"), ("X-A", "\u{0}")])
    func smuggling(_ name: String, _ value: String) {
        var request = HTTPRequest(.get, "http://127.0.0.1:1/")
        request.headers = [HTTPHeader(name, value)]
        do {
            _ = try HTTPClient().send(request)
            Issue.record("answered")
        } catch {
            #expect(error.kind == .invalidRequest)
        }
    }

    @Test("printed credentials hide the password")
    func maskedCredentials() {
        let credentials = HTTPCredentials(user: "ann", password: "secret")
        #expect("\(credentials)" == "ann:***" && String(reflecting: credentials) == "ann:***")
    }

    @Test("which statuses may be tried again")
    func retriableStatuses() throws {
        let expected = [(200, false), (400, false), (404, false), (408, true), (429, true), (500, true), (501, false), (503, true)]
        for (status, retriable) in expected {
            let (response, _) = try answer([.send("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n")])
            #expect(response.isRetriable == retriable, "\(status)")
        }
    }
}
