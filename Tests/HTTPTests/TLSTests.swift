import HTTP
import Testing

@Suite("HTTP client over TLS")
struct TLSTests {
    private func failure(_ request: HTTPRequest) throws -> HTTPError {
        do {
            let status = try HTTPClient().send(request).status
            throw TLSServer.Failed(description: "answered \(status)")
        } catch let error as HTTPError {
            return error
        }
    }

    @Test("a certificate is accepted only when its authority is trusted and it names the host")
    func verification() throws {
        let server = try TLSServer(certificateFor: "IP:127.0.0.1")
        defer { server.end() }
        var request = HTTPRequest(.get, "https://127.0.0.1:\(server.port)/")
        let unknown = try failure(request)
        #expect(unknown.kind == .tls && !unknown.isRetriable && !unknown.mayHaveArrived)
        request.authoritiesFile = server.certificateFile
        #expect(try HTTPClient().send(request).text == "ok")
        request.url = "https://localhost:\(server.port)/"
        #expect(try failure(request).kind == .tls)
        request.verifiesTLS = false
        #expect(try HTTPClient().send(request).text == "ok")
    }

    @Test("what one request was allowed, the next on the same client is not")
    func noLeftovers() throws {
        let server = try TLSServer(certificateFor: "IP:127.0.0.1")
        defer { server.end() }
        let client = try HTTPClient()
        var request = HTTPRequest(.get, "https://127.0.0.1:\(server.port)/")
        request.verifiesTLS = false
        #expect(try client.send(request).text == "ok")
        request.verifiesTLS = true
        do {
            _ = try client.send(request)
            Issue.record("answered")
        } catch {
            #expect(error.kind == .tls)
        }
    }

    @Test("a file of authorities that is not there refuses instead of trusting everybody")
    func missingAuthorities() throws {
        let server = try TLSServer(certificateFor: "IP:127.0.0.1")
        defer { server.end() }
        var request = HTTPRequest(.get, "https://127.0.0.1:\(server.port)/")
        request.authoritiesFile = "/nonexistent/ca.pem"
        #expect(try failure(request).kind == .tls)
    }
}
