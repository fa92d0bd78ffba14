import AMQP
import Postgres
import Telemetry
import Testing

@testable import Runtime

extension LiveTests {
    /// Messages that came back from a process that crashed (messages.md, "Poison").
    @Suite(.serialized) struct PoisonTests {
        private static func comeBack(_ rig: Rig) throws {
            for partition in 0..<2 {
                try rig.publish(["meet:\(partition)"], partition: partition)
                try rig.handOut(1, of: "purser.usage.\(partition)")
            }
        }

        @Test func anAccusedMessageIsHandledWhileNoOtherLaneHandlesAnything() throws {
            try Rig.with("accused") { rig in
                try Self.comeBack(rig)
                try rig.connection.run(
                    "INSERT INTO suspect_messages (queue, message_key) VALUES ('purser.usage.0', 'id:meet:0'), ('purser.usage.1', 'id:meet:1')"
                )
                let consumer = try rig.start(usage: true, [.lanes: "2"])
                try rig.board.wait("both messages") { $0.filter { $0.hasPrefix("end") }.count == 2 }
                #expect(rig.stop(consumer) == .done)
                #expect(rig.board.all.filter { $0.hasPrefix("end") }.allSatisfy { $0.hasSuffix("alone") })
                #expect(try rig.number("test_notes", "SELECT count(*) FROM suspect_messages") == 0)
            }
        }

        @Test func theNoteOfPoisonOutlivesADeadLetterThatHasNotArrived() throws {
            try Rig.with("unburied") { rig in
                try rig.publish(["ok:guilty"])
                try rig.handOut(1, of: "purser.billing")
                try rig.connection.run(
                    "INSERT INTO suspect_messages (queue, message_key, crashes) VALUES ('purser.billing', 'id:ok:guilty', 3)")
                try rig.broker.deleteQueue("purser.billing.dead")
                let first = try rig.start()
                try rig.waitFor("the burial") { first.metrics.counter(.dead, "billing", "poison").value == 1 }
                first.requestStop(within: .seconds(1))
                #expect(first.join() == .done)
                #expect(try rig.number("test_crashes", "SELECT crashes FROM suspect_messages") == 4)
                try rig.declareDeadLetters()
                let second = try rig.start()
                let dead = try rig.take(1, from: "purser.billing.dead")[0]
                #expect(dead.properties.headers.string("purser-error") == "the consumer crashed on it 3 times")
                #expect(rig.stop(second) == .done)
                #expect(try rig.number("test_notes", "SELECT count(*) FROM suspect_messages") == 0)
                #expect(try rig.depth("purser.billing") == 0)
            }
        }

        @Test func whatNobodyHasAccusedIsHandledBesideOtherLanes() throws {
            try Rig.with("unaccused") { rig in
                try Self.comeBack(rig)
                let consumer = try rig.start(usage: true, [.lanes: "2"])
                try rig.board.wait("both messages") { $0.filter { $0.hasPrefix("end") }.count == 2 }
                #expect(rig.stop(consumer) == .done)
                #expect(rig.board.all.filter { $0.hasPrefix("end") }.allSatisfy { $0.hasSuffix("company") })
                #expect(try rig.number("test_notes", "SELECT count(*) FROM suspect_messages") == 0)
            }
        }
    }
}
