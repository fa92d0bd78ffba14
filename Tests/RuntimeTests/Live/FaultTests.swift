import AMQP
import Glibc
import HTTP
import Postgres
import PurserTesting
import Telemetry
import Testing

@testable import Runtime

extension LiveTests {
    @Suite(.serialized) struct FaultTests {
        @Test func theDatabaseAwayLosesNothingAndBuriesNothing() throws {
            try Rig.with("dbaway") { rig in
                let consumer = try rig.start()
                try rig.publish(["ok:before"])
                try rig.board.wait("the first effect") { $0.count == 1 }
                let server = try DatabaseConnection(DatabaseConfiguration(url: try ScratchDatabase.serverURL(), applicationName: "test"))
                defer { server.close() }
                rig.connection.close()
                try server.run("ALTER DATABASE \(rig.database.name) ALLOW_CONNECTIONS false")
                try server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(rig.database.name)'")
                try rig.publish((0..<100).map { "ok:m\($0)" })
                try rig.waitFor("the lane to notice") { consumer.metrics.gauge(.databaseAway, "0").value == 1 }
                #expect(!consumer.health.report.isReady && consumer.health.report.isLive)
                try server.run("ALTER DATABASE \(rig.database.name) ALLOW_CONNECTIONS true")
                try rig.board.wait("all effects within 10 s", seconds: 10) { $0.count == 101 }
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.depth("purser.billing") == 0)
                #expect(try rig.depth("purser.billing.dead") == 0)
                let again = try rig.database.connect()
                defer { again.close() }
                let notes = try again.query(Statement("test_notes", "SELECT count(*) FROM suspect_messages"))
                #expect(notes.int64(0, 0) == 0)
            }
        }

        @Test func aBrokenBrokerConnectionIsMadeAnew() throws {
            try Rig.with("cut") { rig in
                let consumer = try rig.start()
                try rig.publish(["ok:before"])
                try rig.board.wait("the first effect") { $0.count == 1 }
                try rig.cutConnections(of: "purser-test")
                try rig.publish((0..<200).map { "event:m\($0)" })
                try rig.board.wait("all effects", seconds: 20) { Set($0).count == 201 }
                _ = try rig.take(200, from: "happenings")
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.depth("purser.billing") == 0)
                #expect(consumer.metrics.counter(.reconnects, "broker_consume").value >= 1)
                #expect(consumer.metrics.counter(.reconnects, "broker_publish").value >= 1)
            }
        }

        @Test func aStopUnderLoadHandsBackTheRestAndTheNextOneGoesOn() throws {
            try Rig.with("stop") { rig in
                let ids = (0..<6000).map { "m\($0)" }
                try rig.publish(ids.map { "ok:\($0)" }, partition: 0)
                let first = try rig.start(usage: true, [.prefetch: "500", .batchMessages: "100"])
                try rig.board.wait("some effects") { $0.count >= 700 }
                #expect(rig.stop(first) == .done)
                let second = try rig.start(usage: true)
                try rig.board.wait("all effects", seconds: 30) { Set($0).count == ids.count }
                #expect(rig.stop(second) == .done)
                #expect(try rig.effects() == ids, "in the order of arrival")
                #expect(try rig.depth("purser.usage.0") == 0)
            }
        }

        @Test func aShareIsTakenOverAndGivenBackInOrder() throws {
            try Rig.with("share") { rig in
                let one = try rig.start(usage: true, [.shard: "0/2"])
                let two = try rig.start(usage: true, [.shard: "1/2"])
                try rig.publish((0..<10).map { "ok:a\($0)" }, partition: 1)
                try rig.board.wait("the owner's effects") { $0.count == 10 }
                try rig.waitForConsumers(2, of: "purser.usage.1")
                #expect(rig.stop(two) == .done)
                try rig.publish((0..<10).map { "ok:b\($0)" }, partition: 1)
                try rig.board.wait("the standby's effects", seconds: 10) { $0.count == 20 }
                let again = try rig.start(usage: true, [.shard: "1/2"])
                // A trickle, as a live system has: the standby learns that it serves somebody else's partition by what it gets.
                var sent = 0
                try rig.waitFor("the owner to get its partition back", seconds: 30) {
                    sent += 1
                    try rig.publish(["ok:c\(sent)"], partition: 1)
                    return again.metrics.counter(.messages, "purser.usage.1", "done").value > 0
                }
                try rig.board.wait("the rest") { Set($0).count == 20 + sent }
                #expect(rig.stop(one) == .done)
                #expect(rig.stop(again) == .done)
                let expected = (0..<10).map { "a\($0)" } + (0..<10).map { "b\($0)" } + (1...sent).map { "c\($0)" }
                #expect(try rig.effects() == expected)
                #expect(try rig.number("test_again", "SELECT count(*) FROM effects WHERE times > 1") <= 20)
            }
        }

        @Test func twoLanesShareThePartitions() throws {
            try Rig.with("lanes") { rig in
                for partition in 0..<2 { try rig.publish((0..<500).map { "ok:\(partition)-\($0)" }, partition: partition) }
                let consumer = try rig.start(usage: true, [.lanes: "2"])
                try rig.board.wait("all effects") { Set($0).count == 1000 }
                #expect(rig.stop(consumer) == .done)
                let lanes = "SELECT count(*) FROM (SELECT DISTINCT lane, left(id, 1) FROM effects) AS pairs" as StaticString
                #expect(try rig.number("test_pairs", lanes) == 2)
                #expect(try rig.number("test_again", "SELECT count(*) FROM effects WHERE times > 1") == 0)
            }
        }
    }
}
