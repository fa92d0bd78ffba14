/// Every key that may stand in a log line, so that a query that works for one program works for all (style.md, habit 11).
/// Names are dotted, from the general to the particular. Never a key for a payload or a secret.
public enum LogKey: String, Sendable, CaseIterable {
    case program = "program.name"
    case programVersion = "program.version"
    case processID = "process.id"
    case serverAddress = "server.address"
    case lane = "lane.number"
    case shard = "lane.shard"

    case broker = "broker.address"
    case brokerCode = "broker.code"
    case brokerText = "broker.text"
    case connection = "broker.connection"
    case exchange = "message.exchange"
    case routingKey = "message.routing_key"
    case queue = "message.queue"
    case messageID = "message.id"
    case messageType = "message.type"
    case deliveryCount = "message.delivery_count"
    case attempt = "message.attempt"
    case delay = "message.delay"

    case database = "database.address"
    case sqlState = "database.sqlstate"
    case statement = "database.statement"
    case constraint = "database.constraint"
    case schemaVersion = "database.schema_version"
    case schemaVersionExpected = "database.schema_version_expected"

    case batchSize = "batch.size"
    case batchBytes = "batch.bytes"
    case batchDone = "batch.done"
    case batchDead = "batch.dead"
    case batchRetried = "batch.retried"

    case partitions = "share.partitions"
    case owner = "share.owner"

    case outboxID = "outbox.id"
    case outboxCount = "outbox.count"

    case error = "error.message"
    case reason = "error.reason"
    case crashes = "error.crashes"

    case organization = "wallet.organization"
    case sequence = "wallet.sequence"
    case service = "usage.service"
    case tokens = "usage.tokens"

    case setting = "config.name"
    case settingValue = "config.value"
    case file = "file.path"

    case signal = "process.signal"
    case exitCode = "process.exit_code"
    case crashPoint = "process.crash_point"

    case count = "count"
    case seconds = "seconds"
    case delaySeconds = "delay.seconds"
    case held = "lane.held"
    case suppressed = "log.suppressed"
}
