import Glibc
import Testing

@testable import AMQP

@Suite("Connections to the real broker", .timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test("A wrong password or virtual host is refused, and not worth a retry")
    func refused() throws {
        var wrongPassword = try TestBroker.configuration()
        wrongPassword.password = "s3cret"
        let password = wrongPassword
        let first = try #require(throws: BrokerError.self) { try BrokerConnection(password, name: "refused") }
        #expect(first.kind == .refused(code: 403) && !first.isRetriable && !first.description.contains("s3cret"))
        var wrongHost = try TestBroker.configuration()
        wrongHost.virtualHost = "no such virtual host"
        let host = wrongHost
        let second = try #require(throws: BrokerError.self) { try BrokerConnection(host, name: "refused") }
        #expect(second.kind == .refused(code: 530))
    }

    @Test("A port where nobody listens and a name without an address are unreachable")
    func unreachable() throws {
        let listener = Listener()
        close(listener.descriptor)
        for url in ["amqp://127.0.0.1:\(listener.port)", "amqp://no-such-host.invalid"] {
            let configuration = try BrokerConfiguration(url: url)
            let error = try #require(throws: BrokerError.self) { try BrokerConnection(configuration, name: "unreachable") }
            #expect(error.kind == .unreachable && error.isRetriable)
        }
    }

    @Test("A missing queue closes the channel, names 404, and every later call says so")
    func missingQueue() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let name = TestBroker.uniqueName("missing")
        let error = try #require(throws: BrokerError.self) { try connection.declareQueuePassively(name) }
        guard case .channelClosed(404, let text) = error.kind else { throw error }
        #expect(text.contains(name) && error.description.contains("404") && error.isFatal && !error.isRetriable)
        #expect(throws: error) { try connection.declareExchangePassively("amq.direct") }
        #expect(throws: error) { try connection.service(timeout: .zero) }
        var batch: [Delivery] = []
        #expect(throws: error) { try connection.receive(into: &batch, limit: 1, timeout: .zero) }
        #expect(BrokerConnection.wait(for: [connection], alsoReadable: [], timeout: .seconds(60)).isEmpty)
    }

    @Test("A missing exchange and other arguments are told apart by their codes")
    func channelErrors() throws {
        let first = try TestBroker.connect()
        defer { first.close() }
        let missing = try #require(throws: BrokerError.self) { try first.declareExchangePassively(TestBroker.uniqueName("missing")) }
        guard case .channelClosed(404, _) = missing.kind else { throw missing }
        let second = try TestBroker.connect()
        defer { second.close() }
        let queue = TestBroker.uniqueName("arguments")
        try second.declareQueue(queue, durable: false, exclusive: true)
        let other = try #require(throws: BrokerError.self) {
            try second.declareQueue(queue, durable: false, exclusive: true, arguments: ["x-max-length": 3])
        }
        guard case .channelClosed(406, _) = other.kind else { throw other }
    }

    @Test("A delivery tag that is not ours ends the channel with 406")
    func unknownTag() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        try connection.acknowledge(77)
        let error = try #require(throws: BrokerError.self) { while true { try connection.service(timeout: .seconds(10)) } }
        guard case .channelClosed(406, _) = error.kind else { throw error }
    }

    @Test("A connection that froze with everything still open is given up after twice the heartbeat")
    func frozen() throws {
        let relay = FreezingRelay(to: try TestBroker.configuration())
        defer { relay.end() }
        var configuration = relay.configuration
        configuration.heartbeat = .seconds(1)
        let connection = try BrokerConnection(configuration, name: "frozen")
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        _ = try connection.consume(queue: queue, prefetch: 1)
        relay.freeze()
        let start = Deadline.now()
        var batch: [Delivery] = []
        let error = try #require(throws: BrokerError.self) { try connection.receive(into: &batch, limit: 1, timeout: .seconds(30)) }
        #expect(error.kind == .heartbeatMissed)
        #expect(Deadline.now() - start < 3_000_000_000)
        #expect(throws: error) { try connection.publish(OutgoingMessage(exchange: "", routingKey: queue, body: [])) }
        connection.close()
        #expect(throws: error) { try connection.flush() }
    }

    @Test("An idle connection to the real broker lives through many heartbeats")
    func idle() throws {
        var configuration = try TestBroker.configuration()
        configuration.heartbeat = .seconds(1)
        let connection = try BrokerConnection(configuration, name: "idle")
        defer { connection.close() }
        BrokerConnection.wait(for: [connection], alsoReadable: [], timeout: .milliseconds(1))
        let end = Deadline(after: .seconds(4))
        while !end.hasPassed { try connection.service(timeout: .milliseconds(500)) }
        try connection.declareExchangePassively("amq.direct")
    }

    @Test("Another descriptor wakes the wait")
    func alsoReadable() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        defer { ends.forEach { close($0) } }
        #expect(BrokerConnection.wait(for: [connection], alsoReadable: [ends[0]], timeout: .zero).isEmpty)
        _ = write(ends[1], [1], 1)
        #expect(BrokerConnection.wait(for: [connection], alsoReadable: [ends[0]], timeout: .seconds(20)) == [ends[0]])
    }

    @Test("Headers nested 26,000 deep, published by somebody hostile, do no harm")
    func hostileHeaders() throws {
        let connection = try TestBroker.connect()
        defer { connection.close() }
        let queue = try connection.declareQueue("", durable: false, exclusive: true).name
        let depth = 20_000
        var table: [UInt8] = ScriptedPeer.short("deep")
        for level in 0..<depth { table += [UInt8(ascii: "A")] + ScriptedPeer.four(UInt32((depth - level - 1) * 5)) }
        let publish = [0, 60, 0, 40, 0, 0] + ScriptedPeer.short("") + ScriptedPeer.short(queue) + [0]
        let header = [0, 60, 0, 0] + ScriptedPeer.eight(1) + [0x20, 0] + ScriptedPeer.four(UInt32(table.count)) + table
        for (type, payload) in [(1, publish), (2, header), (3, [1])] as [(UInt8, [UInt8])] {
            connection.output.append(contentsOf: ScriptedPeer.frame(type, 1, payload)[...])
        }
        try connection.flush()
        let delivery = try #require(try connection.get(queue: queue))
        #expect(delivery.properties.headers.entries == [.init("deep", .unsupported)] && delivery.body == [1])
    }
}
