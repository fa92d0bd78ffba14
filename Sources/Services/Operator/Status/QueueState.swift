import AMQP
import Messages
import Runtime

/// How full a queue is and who reads it.
struct QueueState {
    let name: String
    let ready: Int64
    /// Handed out and not acknowledged; nil where only the management interface could tell and was not asked.
    let unacknowledged: Int64?
    let consumers: Int64

    var isDead: Bool { name.hasSuffix(".dead") }

    /// Every queue of ours, streams left out: by the management interface where AMQP_ADMIN_URL names it, else one by one.
    static func all(_ session: Session) throws(CommandFailure) -> [QueueState] {
        let configuration = try session.configuration()
        let states = try configuration.text(.amqpAdminURL) == nil ? passively(session, configuration) : managed(session)
        return states.sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
    }

    private static func managed(_ session: Session) throws(CommandFailure) -> [QueueState] {
        let address = try session.adminAddress()
        let list = try topology { () throws(TopologyError) in
            try ManagementAPI(address).get(
                "queues", address.virtualHost,
                query: "?columns=name,type,messages_ready,messages_unacknowledged,consumers")
        }
        return (list?.elements ?? []).compactMap { queue in
            guard let name = queue["name"]?.text, name.hasPrefix("purser."), queue["type"]?.text != "stream" else { return nil }
            return QueueState(
                name: name, ready: queue["messages_ready"]?.whole ?? 0, unacknowledged: queue["messages_unacknowledged"]?.whole ?? 0,
                consumers: queue["consumers"]?.whole ?? 0)
        }
    }

    /// A queue that is missing ends the connection (404), so each gets told by the topology that should be there.
    private static func passively(_ session: Session, _ configuration: Configuration) throws(CommandFailure) -> [QueueState] {
        let connection = try session.openBroker(purpose: "status")
        defer { connection.close() }
        var names = (0..<configuration.usagePartitions).map { "purser.usage.\($0)" }
        for consumer in DeadLetterQueue.consumers where consumer != "usage" { names.append("purser.\(consumer)") }
        names += DeadLetterQueue.consumers.map { "purser.\($0).dead" }
        var states: [QueueState] = []
        for name in names {
            let info = try broker("look at the queue \(name)") { () throws(BrokerError) in try connection.declareQueuePassively(name) }
            states.append(QueueState(name: name, ready: Int64(info.messages), unacknowledged: nil, consumers: Int64(info.consumers)))
        }
        return states
    }
}
