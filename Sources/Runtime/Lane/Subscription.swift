/// One queue that a consuming connection reads, and how wide its window is.
struct Subscription {
    /// Which intake of the lane handles its messages.
    let intake: Int
    let queue: String
    /// The number of the usage partition; nil for other queues.
    let partition: Int?
    /// The wide window.
    let prefetch: Int

    var window = ConsumeWindow()
    /// The consumer number of the connection; nil while there is none.
    var consumer: Int?
    /// A message came from it since it was last started.
    var hasServed = false
    /// Messages since they were last counted.
    var received = 0

    /// Single active consumer: never cancelled with messages in hand (mq-facts 0.16).
    var isOrdered: Bool { partition != nil }

    init(intake: Int, queue: String, partition: Int?, prefetch: Int) {
        self.intake = intake
        self.queue = queue
        self.partition = partition
        self.prefetch = prefetch
    }

    /// As before the first connection.
    mutating func reset() {
        window = ConsumeWindow()
        consumer = nil
        hasServed = false
    }
}
