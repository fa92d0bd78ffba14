import AMQP
import Postgres
import PurserTesting
import Telemetry
import Testing

@testable import Runtime

extension LiveTests {
    @Suite(.serialized) struct RelayTests {
        /// A relay on connections of its own, as a lane has it.
        private static func with(_ label: String, _ body: (Rig, LanePublisher, inout OutboxRelay) throws -> Void) throws {
            try Rig.with(label) { rig in
                let setup = LaneSetup(lane: 0, configuration: try .defaults([:]), log: .silent, metrics: Metrics(), time: .system)
                let context = LaneContext(setup: setup, program: "billing")
                let publisher = LanePublisher(
                    try BrokerConfiguration(url: rig.host.amqpURL), name: "test relay", exchanges: [], context: context)
                try publisher.connect()
                defer { publisher.forget() }
                var relay = OutboxRelay(context: context)
                try body(rig, publisher, &relay)
            }
        }

        @Test func onePageAtATimeLetsTheLaneGoOn() throws {
            try Self.with("pages") { rig, publisher, relay in
                try rig.connection.run(
                    """
                    INSERT INTO outbox (created_at, program, exchange, routing_key, properties, headers, body)
                    SELECT now() - interval '1 minute', 'billing', 'purser.events', 'a.b', '{}', '{}', 'x' FROM generate_series(1, 450)
                    """)
                for (isMore, left) in [(true, 250), (true, 50), (false, 0)] {
                    #expect(try relay.run(on: rig.connection, through: publisher) == isMore)
                    #expect(try rig.number("test_outbox", "SELECT count(*) FROM outbox") == left)
                }
                #expect(try rig.take(450, from: "happenings").count == 450)
            }
        }

        @Test func aMessageThatCannotBeSentStandsInNobodysWay() throws {
            try Self.with("unsendable") { rig, publisher, relay in
                try rig.connection.run(
                    """
                    INSERT INTO outbox (created_at, program, exchange, routing_key, properties, headers, body) VALUES
                        (now() - interval '1 minute', 'billing', 'purser.events', 'a.b',
                            json_build_object('message_id', repeat('x', 300)), '{}', 'x'),
                        (now() - interval '1 minute', 'billing', 'purser.events', 'a.b', '{"message_id":"behind"}', '{}', 'y')
                    """)
                #expect(try relay.run(on: rig.connection, through: publisher) == false)
                #expect(try rig.take(1, from: "happenings")[0].properties.messageID == "behind")
                #expect(try rig.number("test_tries", "SELECT sum(attempts)::bigint FROM outbox") == 1)
            }
        }
    }
}
