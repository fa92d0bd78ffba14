import HTTP
import Synchronization
import Testing

/// On a kept connection that ends without an answer libcurl would send a request again by itself.
@Suite("Requests that are sent once")
struct SentOnceTests {
    @Test("a post that got no answer is not sent again")
    func post() throws {
        let count = Mutex(0)
        let configuration = HTTPServerConfiguration(address: "127.0.0.1", port: 0)
        let server = try HTTPServer(configuration) { request in
            var response = ServerResponse(200, "text/plain", "ok")
            guard request.method == "POST" else { return response }
            count.withLock { $0 += 1 }
            response.delivery = .nothing
            return response
        }
        let client = try HTTPClient()
        #expect(try client.send(HTTPRequest(.get, "http://127.0.0.1:\(server.port)/")).isSuccess)
        do throws(HTTPError) {
            _ = try client.send(HTTPRequest(.post, "http://127.0.0.1:\(server.port)/", body: [1]))
            Issue.record("there was an answer")
        } catch {
            #expect(error.kind == .connectionLost && error.mayHaveArrived)
        }
        #expect(count.withLock { $0 } == 1)
        server.stop(within: .zero)
    }
}
