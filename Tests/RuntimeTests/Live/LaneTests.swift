import AMQP
import Postgres
import Store
import Telemetry
import Testing

@testable import Runtime

extension LiveTests {
    @Suite(.serialized) struct LaneTests {
        @Test func everyMessageHasItsEffectOnceAndIsAcknowledged() throws {
            try Rig.with("drain") { rig in
                let ids = (0..<3000).map { "m\($0)" }
                try rig.publish(ids.map { "ok:\($0)" })
                let consumer = try rig.start()
                try rig.board.wait("3000 effects") { $0.count >= 3000 }
                #expect(consumer.health.report.isReady, "\(consumer.health.report.reasons)")
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.effects() == ids)
                #expect(try rig.number("test_again", "SELECT count(*) FROM effects WHERE times > 1") == 0)
                #expect(try rig.depth("purser.billing") == 0)
                #expect(try rig.number("test_alive", "SELECT count(*) FROM consumer_heartbeats") == 0)
            }
        }

        @Test func slowMessagesAreSettledOneByOneAfterTheQuickOnes() throws {
            try Rig.with("slow") { rig in
                // The first one opens the window, so that the others come together.
                try rig.publish(["ok:first", "slow:a", "ok:quick", "slow:waits", "slow:b"], replyTo: "reply.test")
                let consumer = try rig.start()
                // The answer to the first slow one is there while the second one still waits.
                #expect(String(decoding: try rig.take(1, from: "reply.test")[0].body, as: UTF8.self) == #"{"ok":"a"}"#)
                #expect(rig.board.all == ["first", "quick", "a"])
                rig.board.note(["go"])
                try rig.board.wait("the last effect") { $0.contains("b") }
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.effects() == ["first", "quick", "a", "waits", "b"])
                #expect(try rig.depth("purser.billing") == 0)
            }
        }

        @Test func aLaneThatIsToStopHandsBackTheSlowMessagesThatItHasNotBegun() throws {
            try Rig.with("slowstop") { rig in
                try rig.publish(["ok:first", "slow:waits", "slow:b"])
                let consumer = try rig.start()
                try rig.board.wait("the first effect") { $0.contains("first") }
                consumer.requestStop(within: .seconds(25))
                rig.board.note(["go"])
                #expect(consumer.join() == .done)
                #expect(try rig.depth("purser.billing") >= 1)
                let next = try rig.start()
                try rig.board.wait("both slow effects") { $0.contains("waits") && $0.contains("b") }
                #expect(rig.stop(next) == .done)
                #expect(try rig.number("test_once", "SELECT count(*) FROM effects WHERE times > 1") == 0)
            }
        }

        @Test func aMessageIsPutOffAndComesBack() throws {
            try Rig.with("later") { rig in
                let consumer = try rig.start()
                try rig.publish(["later:a", "ok:b"])
                try rig.board.wait("both effects") { Set($0) == ["a", "b"] }
                #expect(rig.board.all == ["b", "a"])
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.depth("purser.billing") == 0)
                #expect(try rig.depth("purser.billing.dead") == 0)
                #expect(consumer.metrics.counter(.retries, "billing", "10s").value == 1)
            }
        }

        @Test func deadLettersSayWhyAndElementsAreMessagesOfTheirOwn() throws {
            try Rig.with("dead") { rig in
                let consumer = try rig.start()
                try rig.publish(["dead:a", "fragments:b"])
                let dead = try rig.take(2, from: "purser.billing.dead")
                let reasons = dead.map { $0.properties.headers.string("purser-error") ?? "" }
                #expect(reasons == ["as asked", "no id"])
                #expect(dead[0].properties.headers.string("purser-key") == "billing.test")
                #expect(dead[0].properties.headers.string("purser-queue") == "purser.billing")
                #expect(dead[1].properties.headers.int("purser-index") == 4)
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.depth("purser.billing") == 0)
            }
        }

        @Test func unreadableElementsOfAMessageThatIsPutOffAreBuriedOnce() throws {
            try Rig.with("once") { rig in
                let consumer = try rig.start()
                try rig.publish(["later:a:fragments"])
                try rig.board.wait("the effect after the delay") { $0 == ["a"] }
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.take(1, from: "purser.billing.dead")[0].body == [1])
                #expect(try rig.depth("purser.billing.dead") == 0)
                #expect(try rig.depth("purser.billing") == 0)
            }
        }

        @Test func oneBadMessageDoesNotHarmItsBatch() throws {
            try Rig.with("bisect") { rig in
                var texts = (0..<150).map { "ok:m\($0)" }
                texts[77] = "ok:bad-1"
                texts[140] = "defect:x"
                try rig.publish(texts)
                let consumer = try rig.start()
                let dead = try rig.take(2, from: "purser.billing.dead")
                #expect(Set(dead.map { $0.properties.headers.string("purser-reason") }) == ["data_error", "internal_error"])
                try rig.board.wait("148 effects") { $0.count == 148 }
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.effects() == (0..<150).filter { $0 != 77 && $0 != 140 }.map { "m\($0)" })
            }
        }

        @Test func answersGoToWhoAskedButNotIntoOtherQueues() throws {
            try Rig.with("answer") { rig in
                let consumer = try rig.start()
                try rig.publish(["answer:a"], replyTo: "reply.test")
                try rig.publish(["answer:b"], replyTo: "purser.usage.0")
                let answer = try rig.take(1, from: "reply.test")[0]
                #expect(answer.properties.correlationID == "c-answer:a")
                #expect(String(decoding: answer.body, as: UTF8.self) == "{\"ok\":\"a\"}")
                try rig.board.wait("both effects") { $0.count == 2 }
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.depth("purser.usage.0") == 0)
                #expect(consumer.metrics.counter(.answers, "not_allowed").value == 1)
                #expect(consumer.metrics.counter(.answers, "sent").value == 1)
            }
        }

        @Test func aMessageThatIsTooLargeToBeKeptIsBuriedByTheBroker() throws {
            try Rig.with("large") { rig in
                let body = [UInt8](repeating: 7, count: ConsumerLink.largestKeptBody + 1)
                _ = try rig.broker.publish(OutgoingMessage(exchange: "purser.commands", routingKey: "billing.test", body: body))
                try rig.publish(["ok:a"])
                let consumer = try rig.start()
                let dead = try rig.take(1, from: "purser.billing.dead")[0]
                #expect(dead.body == body)
                #expect(dead.properties.headers.string("x-first-death-reason") == "rejected")
                try rig.board.wait("the other's effect") { $0.count == 1 }
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.depth("purser.billing") == 0)
                #expect(consumer.metrics.counter(.dead, "billing", "too_large").value == 1)
            }
        }

        /// The form is the broker's own; the node is none of its cluster, so it closes the connection of whoever publishes there.
        static let nobodysAddress = "amq.rabbitmq.reply-to.g1h2AA5yZXBseUAxMjM0NTY3OAAAnEAAAAAAZVPxAA==.AAECAwQFBgcICQoLDA0ODw=="

        @Test func anAddressThatClosesConnectionsIsFoundOutAndHarmsNobodyElse() throws {
            try Rig.with("closing") { rig in
                let consumer = try rig.start()
                let dropped = consumer.metrics.counter(.answers, "dropped")
                try rig.publish(["answer:a"], replyTo: Self.nobodysAddress)
                try rig.waitFor("the first answer to be given up") { dropped.value == 1 }
                try rig.publish((0..<20).map { "answer:x\($0)" }, replyTo: Self.nobodysAddress)
                try rig.publish((0..<20).map { "answer:b\($0)" }, replyTo: "reply.test")
                let answers = try rig.take(20, from: "reply.test")
                #expect(Set(answers.map(\.properties.correlationID)) == Set((0..<20).map { "c-answer:b\($0)" }))
                try rig.waitFor("the others to be given up") { dropped.value == 21 }
                #expect(rig.stop(consumer) == .done)
                #expect(consumer.metrics.counter(.reconnects, "broker_publish").value == 0)
                #expect(consumer.metrics.counter(.reconnects, "broker_answer").value == 1)
            }
        }

        @Test func theOutboxIsPublishedAndEmptied() throws {
            try Rig.with("outbox") { rig in
                let consumer = try rig.start()
                try rig.publish((0..<50).map { "event:e\($0)" })
                let happened = try rig.take(50, from: "happenings")
                #expect(happened.map(\.properties.messageID) == (0..<50).map { "e\($0)" })
                #expect(happened[0].properties.headers.string("traceparent") == "00-e0")
                #expect(happened[0].properties.type == "test.happened")
                #expect(happened[0].properties.userID == rig.broker.user, "our sources are bound to our users")
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.number("test_outbox", "SELECT count(*) FROM outbox") == 0)
            }
        }

        @Test func leftoversAreRelayedAndUnroutableOnesStay() throws {
            try Rig.with("relay") { rig in
                try rig.connection.run(
                    """
                    INSERT INTO outbox (created_at, program, exchange, routing_key, properties, headers, body) VALUES
                        (now() - interval '1 minute', 'billing', 'purser.commands', 'nobody.listens', '{"message_id":"lost"}', '{}', 'x'),
                        (now() - interval '1 minute', 'billing', 'purser.events', 'a.b', '{"message_id":"left"}', '{}', 'y'),
                        (now() - interval '1 minute', 'meter', 'purser.events', 'a.b', '{"message_id":"of another"}', '{}', 'z')
                    """)
                let consumer = try rig.start()
                #expect(try rig.take(1, from: "happenings")[0].properties.messageID == "left")
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.number("test_outbox", "SELECT count(*) FROM outbox WHERE program = 'billing'") == 1)
                #expect(try rig.number("test_tries", "SELECT attempts FROM outbox WHERE program = 'billing'") >= 1)
                #expect(try rig.depth("happenings") == 0)
            }
        }

        @Test func poisonIsBuriedAndASuspectWithFewerCrashesIsHandled() throws {
            try Rig.with("poison") { rig in
                try rig.publish(["ok:guilty", "ok:innocent", "ok:fresh"])
                for _ in 0..<2 {
                    let delivery = try #require(try rig.broker.get(queue: "purser.billing"))
                    try rig.broker.reject(delivery.tag, requeue: true)
                    try rig.broker.flush()
                }
                try rig.connection.run(
                    """
                    INSERT INTO suspect_messages (queue, message_key, crashes) VALUES
                        ('purser.billing', 'id:ok:guilty', 3), ('purser.billing', 'id:ok:innocent', 2)
                    """)
                let consumer = try rig.start()
                let dead = try rig.take(1, from: "purser.billing.dead")[0]
                #expect(dead.properties.headers.string("purser-reason") == "poison")
                #expect(String(decoding: dead.body, as: UTF8.self) == "ok:guilty")
                try rig.board.wait("the others") { Set($0) == ["innocent", "fresh"] }
                #expect(rig.stop(consumer) == .done)
                #expect(try rig.number("test_notes", "SELECT count(*) FROM suspect_messages") == 0)
            }
        }

        @Test func aMissingQueueEndsTheStartByName() throws {
            try Rig.with("missing") { rig in
                _ = try rig.broker.deleteQueue("purser.billing")
                let exitCode = try rig.start().join()
                #expect(exitCode == .configuration)
            }
        }

        @Test func anOldSchemaEndsTheStart() throws {
            try Rig.with("schema") { rig in
                let exitCode = try rig.start(schemaVersion: 99).join()
                #expect(exitCode == .configuration)
            }
        }
    }
}
