import AMQP
import Operator
import Testing

/// What becomes of messages on the applied topology.
@Suite("Topology with messages")
struct TopologyMessagesTests {
    private static let consumers = ["billing", "topup", "notifier", "forecaster", "expiry", "meter"]
    private static let delays = ["10s", "1m", "10m", "1h", "6h", "1d", "2d"]

    @Test("a command for nobody is returned to its sender; one for a consumer reaches its queue and the log")
    func unroutable() throws {
        try LiveTopology.with("unroutable") { live in
            let connection = try live.connect()
            for (exchange, key) in [
                ("purser.commands", "nobody.do"), ("purser.commands", "billings.grant"), ("purser.ticks", "tick.nothing"),
            ] {
                #expect(try connection.publish(exchange, key) == .returned(code: 312, text: "NO_ROUTE"), "\(key)")
            }
            for (exchange, key, queue) in [
                ("purser.commands", "billing.grant", "purser.billing"), ("purser.ticks", "tick.expire-tokens", "purser.expiry"),
                ("purser.events", "wallet.threshold_crossed", "purser.topup"), ("purser.usage", "org-1", nil),
                ("purser.events", "anything.new", nil),
            ] as [(String, String, String?)] {
                #expect(try connection.publish(exchange, key, body: key) == .confirmed)
                if let queue { #expect(try connection.get(queue: queue)?.routingKey == key) }
            }
            for (log, count) in [("commands", 1), ("ticks", 1), ("events", 2), ("usage", 1)] {
                let reader = try live.connect()
                _ = try reader.consume(queue: "purser.\(log).log", prefetch: 10, arguments: ["x-stream-offset": "first"])
                #expect(try reader.take(count).count == count, "\(log)")
                reader.close()
            }
            connection.close()
        }
    }

    @Test("usage spreads over the partitions, an organization always on the same one")
    func spread() throws {
        try LiveTopology.with("spread", partitions: 4) { live in
            let connection = try live.connect()
            for _ in 0..<2 { for number in 0..<100 { #expect(try connection.publish("purser.usage", "org-\(number)") == .confirmed) } }
            for partition in 0..<4 { _ = try connection.consume(queue: "purser.usage.\(partition)", prefetch: 200) }
            let places = Dictionary(grouping: try connection.take(200), by: \.routingKey).mapValues { $0.map(\.consumer) }
            #expect(places.count == 100 && places.values.allSatisfy { $0.count == 2 && $0[0] == $0[1] })
            #expect(Set(places.values.map { $0[0] }).count == 4)
            connection.close()
        }
    }

    @Test("every step of every ladder brings a message back to its consumer's queue")
    func ladder() throws {
        try LiveTopology.with("ladder", ttlScale: 100_000) { live in
            for consumer in TopologyMessagesTests.consumers {
                let connection = try live.connect()
                for delay in TopologyMessagesTests.delays {
                    #expect(try connection.publish("purser.retry", "\(consumer).\(delay)", body: delay) == .confirmed)
                }
                _ = try connection.consume(queue: "purser.\(consumer)", prefetch: 100)
                let back = try connection.take(TopologyMessagesTests.delays.count)
                #expect(Set(back.map { String(decoding: $0.body, as: UTF8.self) }) == Set(TopologyMessagesTests.delays), "\(consumer)")
                #expect(back.allSatisfy { $0.routingKey == "purser.\(consumer)" && $0.exchange.isEmpty })
                connection.close()
            }
        }
    }

    @Test("a message goes round the same step many times: no cycle is seen, nothing is parked")
    func rounds() throws {
        try LiveTopology.with("rounds", ttlScale: 1000) { live in
            let connection = try live.connect()
            _ = try connection.consume(queue: "purser.meter", prefetch: 10)
            for attempt in 1...12 {
                #expect(
                    try connection.publish("purser.retry", "meter.10s", headers: ["purser-attempt": .int(Int64(attempt))]) == .confirmed)
                let back = try #require(try connection.take(1).first, "attempt \(attempt) did not come back")
                #expect(back.properties.headers.int("purser-attempt") == Int64(attempt))
            }
            connection.close()
        }
    }

    @Test("dead letters arrive, by hand and by rejection")
    func deadLetters() throws {
        try LiveTopology.with("dead", partitions: 1) { live in
            let connection = try live.connect()
            for name in TopologyMessagesTests.consumers + ["usage"] {
                #expect(try connection.publish("purser.dead", name, body: "by hand") == .confirmed)
            }
            #expect(try connection.publish("purser.dead", "nobody") == .returned(code: 312, text: "NO_ROUTE"))
            #expect(try connection.publish("purser.usage", "org-1", body: "rejected") == .confirmed)
            #expect(try connection.publish("purser.commands", "billing.grant", body: "rejected") == .confirmed)
            for queue in ["purser.usage.0", "purser.billing"] { _ = try connection.consume(queue: queue, prefetch: 1) }
            var rejected: [Delivery] = []
            while rejected.count < 2 { try connection.receive(into: &rejected, limit: 2, timeout: .seconds(10)) }
            for delivery in rejected { try connection.reject(delivery.tag, requeue: false) }
            try connection.flush()
            for name in TopologyMessagesTests.consumers + ["usage"] {
                let reader = try live.connect()
                _ = try reader.consume(queue: "purser.\(name).dead", prefetch: 10)
                let wanted = ["usage", "billing"].contains(name) ? ["by hand", "rejected"] : ["by hand"]
                #expect(try reader.take(wanted.count).map { String(decoding: $0.body, as: UTF8.self) } == wanted, "\(name)")
                reader.close()
            }
            connection.close()
        }
    }

    @Test("a dead letter that is looked at and put back stays where it was, however often")
    func browsing() throws {
        try LiveTopology.with("browse", partitions: 1) { live in
            let connection = try live.connect()
            for body in ["first", "second"] { #expect(try connection.publish("purser.dead", "meter", body: body) == .confirmed) }
            for _ in 0..<40 {
                let seen = try #require(try connection.get(queue: "purser.meter.dead"))
                #expect(seen.body == Array("first".utf8))
                try connection.reject(seen.tag, requeue: true)
            }
            connection.close()
        }
    }
}
