import AMQP
import HTTP
import Operator
import PurserTesting
import Testing

/// The topology on the test broker: a virtual host and users of the test's own.
struct LiveTopology {
    let host: ScratchVirtualHost
    let wanted: TopologyDefinition

    /// Runs `body` with the topology, applied unless told otherwise, and removes virtual host and users afterwards.
    static func with<R>(
        _ label: String, partitions: Int = 8, ttlScale: Int64 = 1, users: Bool = false, applied: Bool = true,
        _ body: (LiveTopology) throws -> R
    ) throws -> R {
        try ScratchVirtualHost.with(label) { host in
            var wanted = try TopologyFixture.definition().withPartitions(partitions).withTimesToLive(dividedBy: ttlScale)
            wanted = users ? wanted.withUserNames { "\($0)-\(host.name)" } : wanted.withoutUsers()
            let live = LiveTopology(host: host, wanted: wanted)
            defer { for user in wanted.users { _ = try? host.manage(.delete, "/users/\(user.name)") } }
            if applied { _ = try live.command().apply() }
            return try body(live)
        }
    }

    func command(partitions: Int? = nil) throws -> TopologyCommand {
        let address = try AdminAddress(adminURL: host.adminURL, amqpURL: nil)
        return TopologyCommand(address: address, wanted: partitions.map { wanted.withPartitions($0) } ?? wanted)
    }

    /// The differences that check names.
    func differences() throws -> [String] { try command().check().remaining.map(\.description) }

    /// A connection as the broker's administrator.
    func connect(_ name: String = "topology-tests") throws -> BrokerConnection {
        try BrokerConnection(BrokerConfiguration(url: host.amqpURL), name: name)
    }

    /// A connection as one of the topology's users, which gets a password for it.
    func connect(as program: String) throws -> BrokerConnection {
        let user = name(of: program)
        let password = "p-\(host.name)"
        let known = try #require(wanted.users.first { $0.name == user })
        try host.change(.put, "/users/\(user)", #"{"password":"\#(password)","tags":"\#(known.tags.joined(separator: ","))"}"#)
        return try BrokerConnection(BrokerConfiguration(url: host.amqpURL(user: user, password: password)), name: program)
    }

    func name(of program: String) -> String { "\(program)-\(host.name)" }
}

extension BrokerConnection {
    /// Publishes and waits for what became of it.
    func publish(
        _ exchange: String, _ key: String, body: String = "x", mandatory: Bool = true, user: String? = nil, headers: Headers = [:]
    ) throws -> PublishOutcome.Result {
        try selectConfirms()
        var properties = Properties()
        properties.userID = user
        properties.headers = headers
        _ = try publish(
            OutgoingMessage(exchange: exchange, routingKey: key, isMandatory: mandatory, properties: properties, body: Array(body.utf8)))
        try waitForConfirms(timeout: .seconds(10))
        return try #require(takeOutcomes().last?.result)
    }

    /// The next `count` deliveries of this connection's consumers, acknowledged; fewer when `seconds` pass without one.
    func take(_ count: Int, within seconds: Int = 10) throws -> [Delivery] {
        var taken: [Delivery] = []
        while taken.count < count {
            let before = taken.count
            try receive(into: &taken, limit: count - taken.count, timeout: .seconds(seconds))
            if taken.count == before { break }
        }
        for delivery in taken { try acknowledge(delivery.tag) }
        try flush()
        return taken
    }
}
