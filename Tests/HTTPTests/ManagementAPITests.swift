import Glibc
import HTTP
import Testing

/// A real server, reached the way `purser topology` reaches it.
@Suite("HTTP client against the broker's management API")
struct ManagementAPITests {
    /// Base address and credentials from `PURSER_TEST_AMQP_ADMIN_URL` (`http://user:password@host:port`).
    private func request(_ method: HTTPRequest.Method, _ path: String) throws -> HTTPRequest {
        let variable = try #require(getenv("PURSER_TEST_AMQP_ADMIN_URL"), "PURSER_TEST_AMQP_ADMIN_URL is not set; ops/test sets it")
        let url = String(cString: variable)
        let rest = try #require(url.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true).last?.drop { $0 == "/" })
        let parts = rest.split(separator: "@", maxSplits: 1)
        let login = parts[0].split(separator: ":", maxSplits: 1)
        let host = try #require(parts.last?.split(separator: "/").first)
        var request = HTTPRequest(method, "http://\(host)\(path)")
        request.credentials = HTTPCredentials(user: String(login[0]), password: String(login[1]))
        return request
    }

    @Test("several calls on one client")
    func overview() throws {
        let client = try HTTPClient()
        for _ in 0..<3 {
            let response = try client.send(request(.get, "/api/whoami"))
            #expect(response.status == 200 && response.text.contains("administrator"))
            #expect(response.header("Content-Type") == "application/json")
        }
        var foreign = try request(.get, "/api/whoami")
        foreign.credentials = HTTPCredentials(user: "guest", password: "wrong")
        #expect(try client.send(foreign).status == 401)
        #expect(try client.send(request(.head, "/api/whoami")).body.isEmpty)
    }

    @Test("put, get and delete")
    func changes() throws {
        let client = try HTTPClient()
        let path = "/api/vhosts/http-client-\(getpid())"
        #expect(try client.send(request(.put, path)).isSuccess)
        #expect(try client.send(request(.get, path)).isSuccess)
        #expect(try client.send(request(.delete, path)).status == 204)
        #expect(try client.send(request(.get, path)).status == 404)
    }
}
