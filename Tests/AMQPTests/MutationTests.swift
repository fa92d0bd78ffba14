import Testing

@testable import AMQP

@Suite("Damaged streams", .timeLimit(.minutes(2)))
struct MutationTests {
    /// What a broker could send to a consumer and publisher, every kind of frame once.
    private static let stream: [[UInt8]] = {
        let table =
            ScriptedPeer.short("x") + [UInt8(ascii: "S")] + ScriptedPeer.long("value") + ScriptedPeer.short("y") + [UInt8(ascii: "t"), 1]
        let properties =
            [0xA0, 0x80] + ScriptedPeer.short("text/plain") + ScriptedPeer.four(UInt32(table.count)) + table + ScriptedPeer.short("id")
        let header = ScriptedPeer.frame(2, 1, [0, 60, 0, 0] + ScriptedPeer.eight(3) + properties)
        let names = ScriptedPeer.short("exchange") + ScriptedPeer.short("key")
        let deliver = [0, 60, 0, 60] + ScriptedPeer.short("consumer-0") + ScriptedPeer.eight(1) + [0] + names
        let returned = [0, 60, 0, 50] + ScriptedPeer.two(312) + ScriptedPeer.short("NO_ROUTE") + names
        return [
            ScriptedPeer.frame(1, 1, deliver), header, ScriptedPeer.frame(3, 1, [1, 2, 3]),
            ScriptedPeer.frame(1, 0, [0, 10, 0, 60] + ScriptedPeer.short("low")), ScriptedPeer.frame(1, 0, [0, 10, 0, 61]),
            ScriptedPeer.frame(8, 0, []),
            ScriptedPeer.frame(1, 1, deliver), header, ScriptedPeer.frame(3, 1, [1, 2]), ScriptedPeer.frame(3, 1, [3]),
            ScriptedPeer.frame(1, 1, [0, 60, 0, 30] + ScriptedPeer.short("consumer-0") + [1]),
            ScriptedPeer.frame(1, 1, returned), header, ScriptedPeer.frame(3, 1, [1, 2, 3]),
        ]
    }()

    private func receive(_ bytes: [UInt8]) throws -> (deliveries: Int, error: BrokerError) {
        let peer = ScriptedBroker { peer in
            peer.readUntil(60, 10)
            peer.sendMethod(60, 11)
            peer.readUntil(60, 20)
            peer.sendMethod(60, 21, ScriptedPeer.short("consumer-0"))
            peer.send(bytes)
        }
        let connection = try BrokerConnection(peer.configuration(), name: "mutation")
        var deliveries = 0
        do throws(BrokerError) {
            _ = try connection.consume(queue: "q", prefetch: 10)
            while true {
                var batch: [Delivery] = []
                try connection.receive(into: &batch, limit: 10, timeout: .seconds(20))
                deliveries += batch.count
                _ = connection.takeCancellations()
            }
        } catch {
            return (deliveries, error)
        }
    }

    @Test("Unharmed, the stream is read to its end")
    func unharmed() throws {
        let stream = Self.stream.flatMap { $0 }
        let peer = ScriptedBroker { peer in
            peer.readUntil(60, 10)
            peer.sendMethod(60, 11)
            peer.readUntil(60, 20)
            peer.sendMethod(60, 21, ScriptedPeer.short("consumer-0"))
            peer.send(stream)
            peer.readToEnd()
        }
        let connection = try BrokerConnection(peer.configuration(), name: "mutation")
        _ = try connection.consume(queue: "q", prefetch: 10)
        let deliveries = try connection.receive(2)
        #expect(
            deliveries.allSatisfy {
                $0.body == [1, 2, 3] && $0.properties.messageID == "id" && $0.properties.headers.string("x") == "value"
            })
        while connection.takeOutcomes().isEmpty { try connection.service(timeout: .seconds(20)) }
        #expect(connection.takeCancellations() == [0] && connection.blockedReason == nil)
    }

    @Test("Flipped, cut and doubled bytes end in an error, never in a crash or a hang", arguments: UInt64(1)...120)
    func damaged(_ seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var bytes = Self.stream.flatMap { $0 }
        for _ in 0...next(4) {
            let place = next(bytes.count - 16)
            switch next(3) {
            case 0: bytes[place] = UInt8(next(256))
            case 1: bytes.removeSubrange(place..<place + next(16))
            default: bytes.insert(contentsOf: bytes[place..<place + next(16)], at: place)
            }
        }
        let (deliveries, error) = try receive(bytes)
        #expect(deliveries <= 3, "seed \(seed)")
        #expect(error.isFatal, "seed \(seed): \(error)")
    }
}
