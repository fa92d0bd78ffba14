import Testing

@testable import AMQP

@Suite("TLS", .timeLimit(.minutes(2)))
struct TLSTests {
    private func configuration(_ relay: TLSRelay, host: String, authority: Bool = true) throws -> BrokerConfiguration {
        var configuration = try TestBroker.configuration()
        configuration.host = host
        configuration.port = relay.port
        configuration.tls = BrokerConfiguration.TLS()
        if authority { configuration.tls?.certificateAuthorityFile = relay.authorityFile }
        return configuration
    }

    @Test("Messages of all sizes go both ways", arguments: [("DNS:localhost", "localhost"), ("IP:127.0.0.1", "127.0.0.1")])
    func roundTrip(_ name: String, _ host: String) throws {
        let relay = try TLSRelay(certificateFor: name)
        let connection = try BrokerConnection(configuration(relay, host: host), name: "tls")
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        try connection.selectConfirms()
        let bodies = [0, 100, 16_384, 131_064, 1_048_576, 1].map { size in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) } }
        for body in bodies { try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: body)) }
        try connection.waitForConfirms(timeout: .seconds(20))
        _ = try connection.consume(queue: queue, prefetch: 0)
        #expect(try connection.receive(bodies.count, limit: 1).map(\.body) == bodies)
    }

    @Test("A certificate for another name is not accepted")
    func wrongName() throws {
        let named = try TLSRelay(certificateFor: "DNS:localhost")
        let byAddress = try configuration(named, host: "127.0.0.1")
        let first = try #require(throws: BrokerError.self) { try BrokerConnection(byAddress, name: "tls") }
        #expect(first.kind == .tls && !first.isRetriable && first.message.contains("mismatch"))
        let other = try TLSRelay(certificateFor: "DNS:broker.example")
        let byName = try configuration(other, host: "localhost")
        let second = try #require(throws: BrokerError.self) { try BrokerConnection(byName, name: "tls") }
        #expect(second.kind == .tls && second.message.contains("mismatch"))
    }

    @Test("An authority that is not trusted is not accepted, unless told so")
    func untrusted() throws {
        let relay = try TLSRelay(certificateFor: "DNS:localhost")
        var configuration = try configuration(relay, host: "localhost", authority: false)
        let refused = configuration
        let error = try #require(throws: BrokerError.self) { try BrokerConnection(refused, name: "tls") }
        #expect(error.kind == .tls)
        configuration.tls?.verifiesPeer = false
        let connection = try BrokerConnection(configuration, name: "tls")
        try connection.declareExchangePassively("amq.direct")
        connection.close()
    }

    @Test("A peer that vanishes without TLS's goodbye is unreachable, which is worth a retry")
    func vanished() throws {
        let relay = try TLSRelay(certificateFor: "DNS:localhost")
        let connection = try BrokerConnection(configuration(relay, host: "localhost"), name: "tls")
        relay.end()
        let error = try #require(throws: BrokerError.self) { while true { try connection.service(timeout: .seconds(20)) } }
        #expect(error.kind == .unreachable && error.isRetriable)
    }

    @Test("A missing file and a peer without TLS are told apart")
    func otherFailures() throws {
        let broken = ScriptedBroker(skipsHandshake: true) { $0.send(Array("not TLS at all".utf8)) }
        var configuration = try broken.configuration()
        configuration.tls = BrokerConfiguration.TLS()
        let plain = configuration
        let first = try #require(throws: BrokerError.self) { try BrokerConnection(plain, name: "tls") }
        #expect(first.kind == .tls)
        let silent = ScriptedBroker(skipsHandshake: true) { $0.readToEnd() }
        configuration = try silent.configuration()
        configuration.tls = BrokerConfiguration.TLS()
        configuration.tls?.certificateAuthorityFile = "/nonexistent/ca.pem"
        let missing = configuration
        let second = try #require(throws: BrokerError.self) { try BrokerConnection(missing, name: "tls") }
        #expect(second.kind == .tls && second.message.contains("cacertfile"))
    }
}
