import AMQP
import Runtime

/// Goes through a dead-letter queue. What is not acknowledged is back in its place when the connection closes: looking loses nothing.
/// One thread.
final class DeadLetterReader {
    private let connection: BrokerConnection
    let queue: DeadLetterQueue
    /// What the queue held at the beginning: what comes in later, put back by ourselves perhaps, is not looked at again.
    private(set) var left: Int

    init(_ queue: DeadLetterQueue, _ session: Session) throws(CommandFailure) {
        let connection = try session.openBroker(purpose: "dead letters")
        self.connection = connection
        self.queue = queue
        let name = queue.name
        left = try broker("look at \(name)") { () throws(BrokerError) in
            let count = try connection.declareQueuePassively(name).messages
            if count > 0 { _ = try connection.consume(queue: name, prefetch: min(count, 65_535)) }
            return count
        }
    }

    deinit { connection.close() }

    /// The next messages, at most `limit`; none at the end. Waits 5 s for those that the queue said it has: somebody else may have them.
    func next(_ limit: Int) throws(CommandFailure) -> [DeadLetter] {
        guard left > 0 else { return [] }
        let connection = connection
        let most = min(limit, left)
        let batch = try broker("read \(queue.name)") { () throws(BrokerError) in
            var batch: [Delivery] = []
            try connection.receive(into: &batch, limit: most, timeout: .seconds(5))
            return batch
        }
        left = batch.isEmpty ? 0 : left - batch.count
        return batch.map { DeadLetter($0, in: queue) }
    }

    /// Takes messages out of the queue for good.
    func remove(_ letters: [DeadLetter]) throws(CommandFailure) {
        let connection = connection
        try broker("acknowledge") { () throws(BrokerError) in
            for letter in letters { try connection.acknowledge(letter.delivery.tag) }
            try connection.flush()
        }
    }
}
