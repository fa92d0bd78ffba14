import Runtime

/// A dead-letter queue (messages.md, "Queues").
struct DeadLetterQueue: Hashable {
    /// Whose messages these are.
    let consumer: String

    static let consumers = ["usage", "meter", "billing", "topup", "notifier", "forecaster", "expiry"]

    var name: String { "purser.\(consumer).dead" }

    /// The queues that an option names: one consumer's, or all.
    static func named(_ invocation: Invocation) -> [DeadLetterQueue] {
        (invocation.text("queue").map { [$0] } ?? consumers).map { DeadLetterQueue(consumer: $0) }
    }

    /// Whether a message of this consumer may be put back into that queue: never into another consumer's.
    func owns(_ queue: String) -> Bool {
        guard consumer == "usage" else { return queue == "purser.\(consumer)" }
        let number = queue.dropFirst("purser.usage.".count)
        return queue.hasPrefix("purser.usage.") && !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
