import AMQP
import Glibc
import HTTP
import Messages
import Postgres
import PurserTesting
import Telemetry

@testable import Runtime

/// A virtual host and a database of a test's own, with what a consumer needs, and consumers on them.
final class Rig {
    let host: ScratchVirtualHost
    let database: ScratchDatabase
    let board = Board()
    let broker: BrokerConnection
    let connection: DatabaseConnection
    private var consumers: [RunningProgram] = []

    static let partitions = 2

    init(_ label: String) throws {
        host = try ScratchVirtualHost(label)
        database = try ScratchDatabase(label)
        connection = try database.connect()
        for name in ["0001_roles", "0005_messages"] { try connection.run(Rig.migration(name)) }
        try connection.run(ScriptedStep.table)
        broker = try BrokerConnection(BrokerConfiguration(url: host.amqpURL), name: "test")
        try declareTopology()
        try broker.selectConfirms()
    }

    private static func migration(_ name: String) throws -> String {
        let root = #filePath.replacing("Tests/RuntimeTests/Live/Rig.swift", with: "")
        return try TextFile.read("\(root)ops/migrations/\(name).up.sql").get()
    }

    /// The part of the topology that a test of the runtime needs, with a short first delay.
    private func declareTopology() throws {
        for (name, type) in [
            ("purser.commands", "topic"), ("purser.events", "topic"), ("purser.retry", "direct"), ("purser.dead", "direct"),
        ] {
            try broker.declareExchange(name, type: type)
        }
        let quorum: Headers = ["x-queue-type": "quorum"]
        for name in ["purser.usage.dead", "happenings", "reply.test"] { try broker.declareQueue(name, arguments: quorum) }
        try broker.declareQueue(
            "purser.billing",
            arguments: [
                "x-queue-type": "quorum", "x-dead-letter-exchange": "purser.dead", "x-dead-letter-routing-key": "billing",
            ])
        for number in 0..<Rig.partitions {
            try broker.declareQueue("purser.usage.\(number)", arguments: ["x-queue-type": "quorum", "x-single-active-consumer": true])
        }
        try broker.declareQueue(
            "purser.billing.retry.10s",
            arguments: [
                "x-queue-type": "quorum", "x-message-ttl": 100, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "purser.billing",
            ])
        try broker.bindQueue("purser.billing", to: "purser.commands", routingKey: "billing.#")
        try broker.bindQueue("purser.billing.retry.10s", to: "purser.retry", routingKey: "billing.10s")
        try declareDeadLetters()
        try broker.bindQueue("purser.usage.dead", to: "purser.dead", routingKey: "usage")
        try broker.bindQueue("happenings", to: "purser.events", routingKey: "#")
    }

    /// The dead letters of the command queue.
    func declareDeadLetters() throws {
        try broker.declareQueue("purser.billing.dead", arguments: ["x-queue-type": "quorum"])
        try broker.bindQueue("purser.billing.dead", to: "purser.dead", routingKey: "billing")
    }

    /// Starts a consumer of the command queue, or of the partitions.
    func start(usage: Bool = false, schemaVersion: Int = 1, _ changes: [Setting: String] = [:]) throws -> RunningProgram {
        var settings = changes
        settings[.amqpURL] = host.amqpURL
        settings[.databaseURL] = database.url
        settings[.usagePartitions] = String(Rig.partitions)
        let board = board
        let description = ProgramDescription(
            name: "purser-test", summary: "a test", consumer: "billing", hasShards: usage, schemaVersion: schemaVersion
        ) { setup in
            let step = ScriptedStep(board)
            return [usage ? .usage(setup.configuration, step: step) : .commands(of: .billing, setup.configuration, step: step)]
        }
        let log = getenv("PURSER_TEST_LOG") == nil ? Log.silent : Log(LogSink(level: .debug, format: .terminal(colours: false)))
        let surroundings = try RunningProgram.Surroundings(try Configuration.defaults(settings), program: "purser-test", log: log)
        let consumer = RunningProgram(description, surroundings)
        consumers.append(consumer)
        return consumer
    }

    /// Stops a consumer and waits for its end.
    func stop(_ consumer: RunningProgram) -> ExitCode {
        consumer.requestStop(within: .seconds(25))
        return consumer.join()
    }

    /// Ends everything that is left. Call at the end of the test.
    func close() {
        for consumer in consumers { _ = stop(consumer) }
        broker.close()
        connection.close()
        host.close()
        database.close()
    }

    static func with(_ label: String, _ body: (Rig) throws -> Void) throws {
        let rig = try Rig(label)
        defer { rig.close() }
        try body(rig)
    }

    /// Publishes texts and waits for their confirms.
    func publish(_ texts: [String], exchange: String = "purser.commands", key: String = "billing.test", replyTo: String? = nil) throws {
        for text in texts {
            var properties = Properties()
            properties.type = key
            properties.messageID = text
            properties.replyTo = replyTo
            properties.correlationID = replyTo.map { _ in "c-\(text)" }
            _ = try broker.publish(OutgoingMessage(exchange: exchange, routingKey: key, properties: properties, body: Array(text.utf8)))
        }
        try broker.waitForConfirms(timeout: .seconds(20))
        _ = broker.takeOutcomes()
    }

    func publish(_ texts: [String], partition: Int) throws {
        try publish(texts, exchange: "", key: "purser.usage.\(partition)")
    }

    /// Takes `count` messages from a queue, waiting for them.
    func take(_ count: Int, from queue: String, seconds: Int = 20) throws -> [Delivery] {
        let reader = try BrokerConnection(BrokerConfiguration(url: host.amqpURL), name: "test reader")
        defer { reader.close() }
        _ = try reader.consume(queue: queue, prefetch: count)
        var found: [Delivery] = []
        // A call comes back with the first that is there, so it is the time that counts and not the calls.
        let end = ContinuousClock.now + .seconds(seconds)
        while found.count < count, ContinuousClock.now < end {
            try reader.receive(into: &found, limit: count, timeout: .seconds(1))
        }
        for delivery in found { try reader.acknowledge(delivery.tag) }
        guard found.count == count else {
            throw Board.TimedOut(description: "\(queue): \(found.count) of \(count) messages in \(seconds) s")
        }
        return found
    }

    /// Has messages of a queue handed out once without an acknowledgement, as to a process that crashed.
    func handOut(_ count: Int, of queue: String) throws {
        let reader = try BrokerConnection(BrokerConfiguration(url: host.amqpURL), name: "test reader")
        _ = try reader.consume(queue: queue, prefetch: count)
        var found: [Delivery] = []
        for _ in 0..<20 where found.count < count { try reader.receive(into: &found, limit: count, timeout: .seconds(1)) }
        reader.close()
        try waitFor("\(count) messages to be back in \(queue)") { try depth(queue) >= count }
    }

    func depth(_ queue: String) throws -> Int { try broker.declareQueuePassively(queue).messages }

    /// The first column of the first row.
    func number(_ name: StaticString, _ sql: StaticString) throws -> Int {
        Int(try connection.query(Statement(name, sql)).int64(0, 0))
    }

    /// Ids in the order in which their effects were made.
    func effects() throws -> [String] {
        let rows = try connection.query(Statement("test_effects", "SELECT id FROM effects ORDER BY place"))
        return (0..<rows.count).map { rows.text($0, 0) }
    }

    /// Asks the servers again and again; each question takes its time, so the processor is not kept busy.
    func waitFor(_ what: String, seconds: Int = 20, _ isThere: () throws -> Bool) throws {
        let start = TimeSource.system.monotonicNanoseconds
        while true {
            if try isThere() { return }
            guard TimeSource.system.seconds(since: start) < Double(seconds) else {
                throw Board.TimedOut(description: "\(what): not within \(seconds) s")
            }
            try broker.service(timeout: .milliseconds(50))
        }
    }

    func waitForConsumers(_ count: Int, of queue: String) throws {
        // A declaration counts the active consumer of such a queue only, so the management interface is asked.
        try waitFor("\(count) consumers of \(queue)") {
            let text = try host.manage(.get, "/consumers/\(host.name)?columns=queue.name").text
            return text.split(separator: "\"\(queue)\"").count - 1 == count
        }
    }

    /// Has the broker close the connections of our virtual host whose program's name begins so, as an operator would. The broker lists
    /// connections with a delay of some seconds.
    func cutConnections(of program: String) throws {
        var names: [Substring] = []
        try waitFor("the broker to list our connections") {
            let text = try host.manage(.get, "/vhosts/\(host.name)/connections?columns=name,user_provided_name").text
            names = text.split(separator: "}").filter { $0.contains("\"user_provided_name\":\"\(program)") }.compactMap { entry in
                entry.split(separator: "\"name\":\"").last?.prefix { $0 != "\"" }
            }
            return names.count >= 2
        }
        for name in names {
            let path = name.utf8.map { $0 == 0x20 ? "%20" : $0 == 0x3E ? "%3E" : String(UnicodeScalar($0)) }.joined()
            try host.change(.delete, "/connections/\(path)")
        }
    }
}
