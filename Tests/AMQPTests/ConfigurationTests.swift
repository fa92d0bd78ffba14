import Testing

@testable import AMQP

@Suite("The broker URL")
struct ConfigurationTests {
    @Test("All parts, decoded")
    func everything() throws {
        let url = "amqps://me%40home:p%3Ass%25@[::1]:5700/%2Fpurser?cacertfile=/etc/ca%20x.pem&certfile=c&keyfile=k&verify=verify_none"
        let configuration = try BrokerConfiguration(url: url + "&heartbeat=7&connection_timeout=1500")
        #expect(configuration.user == "me@home" && configuration.password == "p:ss%")
        #expect(configuration.host == "::1" && configuration.port == 5700 && configuration.virtualHost == "/purser")
        var tls = BrokerConfiguration.TLS()
        tls.certificateAuthorityFile = "/etc/ca x.pem"
        tls.certificateFile = "c"
        tls.keyFile = "k"
        tls.verifiesPeer = false
        #expect(configuration.tls == tls)
        #expect(configuration.heartbeat == .seconds(7) && configuration.connectTimeout == .milliseconds(1_500))
    }

    @Test("Defaults", arguments: ["amqp://host", "amqp://host/", "amqp://host:5672/%2F"])
    func defaults(_ url: String) throws {
        let configuration = try BrokerConfiguration(url: url)
        #expect(configuration.host == "host" && configuration.port == 5672 && configuration.virtualHost == "/")
        #expect(configuration.user == "guest" && configuration.password == "guest" && configuration.tls == nil)
        #expect(try BrokerConfiguration(url: "amqps://host").port == 5671)
    }

    @Test(
        "What makes no sense is refused, and the password is not repeated",
        arguments: [
            "http://host", "amqp://", "amqp://u:s3cret@", "amqp://u:s3cret@host:port", "amqp://host/a/b", "amqp://u:s3cret%zz@host",
            "amqp://host?verify=verify_peer", "amqps://host?verify=maybe", "amqp://u:s3cret@host?colour=red", "amqp://host?heartbeat=-1",
            "amqp://[::1", "amqp://u:s3cret%ff@host", "amqp://host:0", "amqp://host?connection_timeout=0", "amqp://host?heartbeat",
        ])
    func refused(_ url: String) throws {
        let error = try #require(throws: BrokerError.self) { try BrokerConfiguration(url: url) }
        #expect(error.kind == .misconfigured && !error.isRetriable)
        #expect(!error.description.contains("s3cret"))
    }
}
