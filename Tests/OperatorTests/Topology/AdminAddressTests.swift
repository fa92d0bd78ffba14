import Testing

@testable import Operator

@Suite("Address of the management interface")
struct AdminAddressTests {
    @Test(
        "the virtual host is the path, else that of AMQP_URL, else purser",
        arguments: [
            ("http://a:b@h:1/here", "amqp://a:b@h/there", "here"), ("http://a:b@h:1/%2F", nil, "/"), ("http://a:b@h:1/x%20y/", nil, "x y"),
            ("http://a:b@h:1/", "amqp://a:b@h/there?heartbeat=5", "there"), ("http://a:b@h:1", "amqps://a:b@h/%2f", "/"),
            ("http://a:b@h:1", "amqp://a:b@h", "/"), ("http://a:b@h:1", "amqp://a:b@h/", "/"), ("https://a:b@h", nil, "purser"),
        ] as [(String, String?, String)])
    func virtualHost(_ admin: String, _ amqp: String?, _ wanted: String) throws {
        #expect(try AdminAddress(adminURL: admin, amqpURL: amqp).virtualHost == wanted)
    }

    @Test("user and password are decoded, the base keeps neither")
    func login() throws {
        let address = try AdminAddress(adminURL: "http://an%40n:p%3Aw%2F@[::1]:15672/x", amqpURL: nil)
        #expect(address.user == "an@n" && address.password == "p:w/" && address.base == "http://[::1]:15672")
        #expect(AdminAddress(address, virtualHost: "y").virtualHost == "y")
    }

    @Test(
        "what is wrong is said without the address",
        arguments: [
            "", "amqp://a:s3cret@h", "http://h:1", "http://s3cret@h", "http://a:s3cret@", "http://a:s3cret@h/x/y", "http://a:s3cret%2@h",
        ])
    func refused(_ url: String) {
        do {
            _ = try AdminAddress(adminURL: url, amqpURL: nil)
            Issue.record("accepted")
        } catch {
            #expect(error.kind == .configuration && error.detail.hasPrefix("AMQP_ADMIN_URL") && !error.detail.contains("s3cret"))
        }
    }
}
