/// The metrics of the product. Services add theirs in extensions beside the code that counts.
extension MetricFamily {
    /// Messages by type and what became of them: `done`, `retried`, `dead`.
    public static let messages = MetricFamily(
        "purser_messages_total", .counter, labels: ["type", "outcome"], help: "Messages handled, by type and outcome.")
    /// Messages that the broker delivered.
    public static let received = MetricFamily(
        "purser_messages_received_total", .counter, labels: ["queue"], help: "Messages received, by queue.")
    /// Messages that were delivered before, to us or to somebody else.
    public static let redelivered = MetricFamily(
        "purser_messages_redelivered_total", .counter, labels: ["queue"], help: "Messages received again, by queue.")
    /// Messages handed to one step at a time.
    public static let batchSize = MetricFamily(
        "purser_batch_size", .histogram(bounds: MetricFamily.sizes), labels: ["consumer"], help: "Messages per batch.")
    /// From the batch's closing to its commit.
    public static let handling = MetricFamily(
        "purser_handling_seconds", .histogram(bounds: MetricFamily.durations), labels: ["consumer"], help: "Time to handle a batch.")
    /// From publishing to commit.
    public static let lag = MetricFamily(
        "purser_lag_seconds", .histogram(bounds: MetricFamily.durations), labels: ["consumer"],
        help: "End-to-end lag, from the time in the envelope to the commit, by event.")
    /// Depth as the broker told when the queue was checked.
    public static let queueDepth = MetricFamily(
        "purser_queue_depth", .gauge, labels: ["queue"], help: "Messages ready in the queue, as last seen.")
    /// Messages sent to a rung of the retry ladder.
    public static let retries = MetricFamily(
        "purser_retries_total", .counter, labels: ["consumer", "delay"], help: "Messages put off, by delay.")
    /// Messages sent to the dead letters.
    public static let dead = MetricFamily(
        "purser_dead_letters_total", .counter, labels: ["consumer", "reason"], help: "Messages dead-lettered, by reason.")
    /// Answers to requests: `sent`, `not_allowed` (reply_to), `dropped` (the broker blocked, away, or closing because of an
    /// address).
    public static let answers = MetricFamily(
        "purser_answers_total", .counter, labels: ["outcome"], help: "Answers to requests, by outcome.")
    /// Outbox messages: `published`, `relayed`, `returned`, `refused`.
    public static let outbox = MetricFamily(
        "purser_outbox_messages_total", .counter, labels: ["outcome"], help: "Messages of the outbox, by outcome.")
    /// Rows waiting in the outbox, as the relay last saw.
    public static let outboxDepth = MetricFamily(
        "purser_outbox_depth", .gauge, help: "Messages left in the outbox for more than five seconds, as last seen.")
    /// New connections after the first: `broker_consume`, `broker_publish`, `broker_answer`, `database`.
    public static let reconnects = MetricFamily(
        "purser_reconnects_total", .counter, labels: ["to"], help: "Connections made anew.")
    /// Batches that a data error split.
    public static let splits = MetricFamily(
        "purser_batch_splits_total", .counter, labels: ["consumer"], help: "Batches split to find the message that fails.")
    /// Batches tried again inside: deadlocks, serialization.
    public static let batchRetries = MetricFamily(
        "purser_batch_retries_total", .counter, labels: ["consumer"], help: "Batches repeated after a deadlock or the like.")
    /// 1 while the broker refuses to take messages.
    public static let brokerBlocked = MetricFamily(
        "purser_broker_blocked", .gauge, labels: ["lane"], help: "1 while the broker has blocked the publishing connection.")
    /// 1 while a lane waits for the database.
    public static let databaseAway = MetricFamily(
        "purser_database_away", .gauge, labels: ["lane"], help: "1 while the lane waits for the database.")
    /// Messages received and not acknowledged yet.
    public static let held = MetricFamily(
        "purser_messages_held", .gauge, labels: ["lane"], help: "Messages received and not acknowledged yet.")

    /// What the runtime itself counts: registered at the start, so that a scrape shows zeros rather than nothing.
    public static let ofRuntime: [MetricFamily] = [
        messages, received, redelivered, batchSize, handling, lag, queueDepth, retries, dead, answers, outbox, outboxDepth, reconnects,
        splits, batchRetries, brokerBlocked, databaseAway, held,
    ]
}
