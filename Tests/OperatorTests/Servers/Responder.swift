import AMQP
import Runtime
import Synchronization

/// Stands for a program that answers the requests of a queue, on a thread of its own, until it has answered so many.
enum Responder {
    /// - Parameter answer: the body of the answer to a request.
    static func start(_ url: String, _ queue: String, count: Int, _ answer: @escaping @Sendable (Delivery) -> String) -> LaneThread {
        LaneThread {
            guard let configuration = try? BrokerConfiguration(url: url),
                let connection = try? BrokerConnection(configuration, name: "responder")
            else { return }
            defer { connection.close() }
            guard (try? connection.consume(queue: queue, prefetch: 10)) != nil else { return }
            var left = count
            var waits = 0
            while left > 0, waits < 30 {
                var batch: [Delivery] = []
                guard (try? connection.receive(into: &batch, limit: 1, timeout: .seconds(1))) != nil else { return }
                guard let delivery = batch.first else {
                    waits += 1
                    continue
                }
                left -= 1
                var properties = Properties()
                properties.correlationID = delivery.properties.correlationID
                _ = try? connection.publish(
                    OutgoingMessage(
                        exchange: "", routingKey: delivery.properties.replyTo ?? "", isMandatory: false, properties: properties,
                        body: Array(answer(delivery).utf8)))
                _ = try? connection.acknowledge(delivery.tag)
                _ = try? connection.flush()
            }
        }
    }

    /// Answers in the order given.
    static func start(_ url: String, _ queue: String, _ answers: [String]) -> LaneThread {
        let next = Mutex(0)
        return start(url, queue, count: answers.count) { _ in
            next.withLock { place in
                defer { place += 1 }
                return answers[place]
            }
        }
    }
}
