import Glibc
import Testing

@testable import AMQP

/// What a broker may do to a client, done by a peer that follows a script.
@Suite("Faults of the peer", .timeLimit(.minutes(2)))
struct PeerFaultTests {
    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = Deadline.now()
        try body()
        return Double(Deadline.now() - start) / 1e9
    }

    @Test("A peer that falls silent is given up after twice the heartbeat")
    func silentPeer() throws {
        let peer = ScriptedBroker(heartbeat: 1) { $0.readToEnd() }
        let connection = try BrokerConnection(peer.configuration(), name: "silent")
        let time = try seconds {
            var batch: [Delivery] = []
            let error = try #require(throws: BrokerError.self) { try connection.receive(into: &batch, limit: 1, timeout: .seconds(20)) }
            #expect(error.kind == .heartbeatMissed && error.isRetriable && error.isFatal)
        }
        #expect(time > 1.5 && time < 3)
        #expect(throws: BrokerError.self) { try connection.flush() }
    }

    @Test("`wait` finds the silent peer too and sends heartbeats meanwhile")
    func silentPeerWhileWaiting() throws {
        let beats = ScriptedSignal()
        let peer = ScriptedBroker(heartbeat: 1) { peer in
            while let payload = peer.readFrame() { if payload.isEmpty { beats.count() } }
        }
        let connection = try BrokerConnection(peer.configuration(), name: "silent")
        let time = seconds { BrokerConnection.wait(for: [connection], alsoReadable: [], timeout: .seconds(20)) }
        #expect(time > 1.5 && time < 3)
        let error = try #require(throws: BrokerError.self) { try connection.service(timeout: .zero) }
        #expect(error.kind == .heartbeatMissed)
        #expect(beats.total >= 2)
    }

    @Test("Heartbeats of the peer keep an idle connection alive")
    func livingPeer() throws {
        let peer = ScriptedBroker(heartbeat: 1) { peer in
            // Each heartbeat of the client is answered by one.
            for _ in 0..<6 where peer.readFrame() != nil { peer.send(ScriptedPeer.frame(8, 0, [])) }
            peer.sendMethod(10, 50, channel: 0, ScriptedPeer.two(320) + ScriptedPeer.short("shutdown") + [0, 0, 0, 0])
            peer.readToEnd()
        }
        let connection = try BrokerConnection(peer.configuration(), name: "living")
        var batch: [Delivery] = []
        let error = try #require(throws: BrokerError.self) { try connection.receive(into: &batch, limit: 1, timeout: .seconds(20)) }
        #expect(error.kind == .closedByBroker(code: 320, text: "shutdown") && error.isRetriable)
    }

    @Test("An alarm makes publish, flush and waitForConfirms say so within their deadlines; afterwards all goes on")
    func blocked() throws {
        let unblock = ScriptedSignal()
        let peer = ScriptedBroker { peer in
            peer.readUntil(85, 10)
            peer.sendMethod(85, 11)
            peer.readUntil(60, 40)
            peer.sendMethod(10, 60, channel: 0, ScriptedPeer.short("low on memory"))
            unblock.wait()
            peer.sendMethod(10, 61, channel: 0)
            peer.sendMethod(60, 80, ScriptedPeer.eight(1) + [0])
            peer.readUntil(60, 40)
            peer.sendMethod(60, 80, ScriptedPeer.eight(2) + [0])
            peer.readToEnd()
        }
        var configuration = try peer.configuration()
        configuration.publishTimeout = .milliseconds(200)
        let connection = try BrokerConnection(configuration, name: "blocked")
        try connection.selectConfirms()
        let message = OutgoingMessage(exchange: "", routingKey: "q", body: [1])
        #expect(try connection.publish(message) == 1)
        let waiting = try #require(throws: BrokerError.self) { try connection.waitForConfirms(timeout: .milliseconds(500)) }
        #expect(waiting.kind == .blocked && waiting.fate == .unconfirmed && !waiting.isFatal)
        #expect(connection.blockedReason == "low on memory" && connection.unconfirmed == 1)
        let publishing = try #require(throws: BrokerError.self) { try connection.publish(message) }
        #expect(publishing.kind == .blocked && publishing.fate == .unsent && !publishing.isFatal)
        #expect(connection.unconfirmed == 1)
        unblock.signal()
        try connection.waitForConfirms(timeout: .seconds(10))
        #expect(connection.blockedReason == nil)
        #expect(try connection.publish(message) == 2)
        try connection.waitForConfirms(timeout: .seconds(10))
        #expect(connection.takeOutcomes().map(\.sequence) == [1, 2])
    }

    @Test("A blocked broker that has stopped reading fills the buffer, not the time")
    func blockedWithFullSocket() throws {
        let finish = ScriptedSignal()
        let peer = ScriptedBroker { peer in
            peer.readUntil(60, 40)
            peer.sendMethod(10, 60, channel: 0, ScriptedPeer.short("low on disk"))
            finish.wait()
        }
        defer { finish.signal() }
        var configuration = try peer.configuration()
        configuration.publishTimeout = .milliseconds(200)
        let connection = try BrokerConnection(configuration, name: "blocked")
        let message = OutgoingMessage(exchange: "", routingKey: "q", body: [UInt8](repeating: 1, count: 8 << 20))
        try connection.publish(message)
        let error = try #require(throws: BrokerError.self) { try connection.flush() }
        #expect(error.kind == .blocked && error.fate == .unconfirmed)
        #expect(throws: BrokerError.self) { try connection.publish(message) }
    }

    @Test("A peer that takes nothing and says nothing is a time-out that ends the connection")
    func stuck() throws {
        let finish = ScriptedSignal()
        let peer = ScriptedBroker { _ in finish.wait() }
        defer { finish.signal() }
        var configuration = try peer.configuration()
        configuration.publishTimeout = .milliseconds(200)
        configuration.requestTimeout = .milliseconds(200)
        let connection = try BrokerConnection(configuration, name: "stuck")
        try connection.publish(OutgoingMessage(exchange: "", routingKey: "q", body: [UInt8](repeating: 1, count: 16 << 20)))
        let error = try #require(throws: BrokerError.self) { try connection.flush() }
        #expect(error.kind == .timeout && error.isFatal && error.fate == .unconfirmed)
        #expect(throws: error) { try connection.declareQueuePassively("q") }
    }

    @Test("Close says goodbye only as long as allowed")
    func closeIsBounded() throws {
        let peer = ScriptedBroker { $0.readToEnd() }
        var configuration = try peer.configuration()
        configuration.closeTimeout = .milliseconds(200)
        let connection = try BrokerConnection(configuration, name: "close")
        #expect(seconds { connection.close() } < 2)
        connection.close()
        #expect(connection.fileDescriptor == -1)
        let error = try #require(throws: BrokerError.self) { try connection.flush() }
        #expect(error.kind == .closed)
    }

    @Test(
        "Whatever garbage comes, the connection ends with an error and not with the program",
        arguments: [
            Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8),
            ScriptedPeer.frame(1, 1, [0, 60]),
            ScriptedPeer.frame(1, 1, [0, 99, 0, 99, 1, 2, 3]),
            ScriptedPeer.frame(1, 1, [0, 60, 0, 60, 200, 1]),
            ScriptedPeer.frame(1, 2, [0, 60, 0, 80] + ScriptedPeer.eight(1) + [0]),
            ScriptedPeer.frame(1, 1, [0, 60, 0, 80] + ScriptedPeer.eight(1) + [0]),
            ScriptedPeer.frame(1, 1, [0, 50, 0, 11] + ScriptedPeer.short("q") + ScriptedPeer.eight(0)),
            ScriptedPeer.frame(1, 1, [0, 60, 0, 60] + ScriptedPeer.short("consumer-0") + ScriptedPeer.eight(1) + [0, 0, 0]),
            ScriptedPeer.frame(1, 1, [0, 60, 0, 30] + ScriptedPeer.short("consumer-99999999999") + [1]),
            ScriptedPeer.frame(2, 1, [0, 60, 0, 0] + ScriptedPeer.eight(0) + [0, 0]),
            ScriptedPeer.frame(3, 1, [1]),
            ScriptedPeer.frame(8, 1, []),
            [3, 0, 1, 0, 2, 0, 0],
            [1, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0],
        ])
    func garbage(_ bytes: [UInt8]) throws {
        let peer = ScriptedBroker { peer in
            peer.send(bytes)
            peer.readToEnd()
        }
        let configuration = try peer.configuration()
        let error = try #require(throws: BrokerError.self) {
            // It may come with the last bytes of the handshake.
            let connection = try BrokerConnection(configuration, name: "garbage")
            var batch: [Delivery] = []
            try connection.receive(into: &batch, limit: 1, timeout: .seconds(20))
        }
        #expect(error.kind == .protocolViolation && error.isFatal)
    }

    @Test("A message of impossible size is refused by its header")
    func hugeBody() throws {
        let peer = ScriptedBroker { peer in
            peer.readUntil(60, 70)
            let got = ScriptedPeer.eight(1) + [0] + ScriptedPeer.short("") + ScriptedPeer.short("q") + ScriptedPeer.four(0)
            peer.sendMethod(60, 71, got)
            peer.send(ScriptedPeer.frame(2, 1, [0, 60, 0, 0] + ScriptedPeer.eight(1 << 60) + [0, 0]))
            peer.readToEnd()
        }
        let connection = try BrokerConnection(peer.configuration(), name: "huge")
        let error = try #require(throws: BrokerError.self) { try connection.get(queue: "q") }
        #expect(error.kind == .protocolViolation)
    }

    @Test("A peer that hangs up, before or after the handshake, is unreachable")
    func hangUp() throws {
        let early = ScriptedBroker(skipsHandshake: true) { _ = $0.read(8) }
        let configuration = try early.configuration()
        let first = try #require(throws: BrokerError.self) { try BrokerConnection(configuration, name: "early") }
        #expect(first.kind == .unreachable && first.isRetriable)
        let late = ScriptedBroker { _ in }
        let connection = try BrokerConnection(late.configuration(), name: "late")
        let second = try #require(throws: BrokerError.self) { try connection.service(timeout: .seconds(20)) }
        #expect(second.kind == .unreachable)
    }

    @Test("A peer that never speaks is given up within the connect time-out")
    func muteHandshake() throws {
        let mute = ScriptedBroker(skipsHandshake: true) { $0.readToEnd() }
        var configuration = try mute.configuration()
        configuration.connectTimeout = .milliseconds(200)
        let error = try #require(throws: BrokerError.self) { try BrokerConnection(configuration, name: "mute") }
        #expect(error.kind == .timeout && error.isRetriable)
    }

    @Test("Small frames agreed at the handshake split what goes out")
    func smallFrames() throws {
        let sizes = ScriptedSignal()
        let peer = ScriptedBroker(frameMax: 4_096) { peer in
            peer.readUntil(60, 40)
            while let payload = peer.readFrame() { sizes.count(payload.count) }
        }
        let connection = try BrokerConnection(peer.configuration(), name: "small")
        var properties = Properties()
        properties.deliveryMode = nil
        try connection.publish(
            OutgoingMessage(exchange: "", routingKey: "q", properties: properties, body: [UInt8](repeating: 1, count: 8_176)))
        try connection.flush()
        // A header of 14 bytes and two full bodies.
        sizes.wait(total: 14 + 2 * 4_088)
    }
}
