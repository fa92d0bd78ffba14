import AMQP
import Messages
import Store

/// A message that a lane publishes, and what is to happen when it is confirmed.
struct OutgoingItem {
    enum Purpose {
        /// A copy of a delivery, which is acknowledged then.
        case copy(of: HeldDelivery)
        /// A message of the outbox, whose row is deleted then.
        case stored(row: Int64)

        var row: Int64? {
            if case .stored(let row) = self { row } else { nil }
        }
    }

    let message: OutgoingMessage
    let purpose: Purpose

    init(_ message: OutgoingMessage, _ purpose: Purpose) {
        self.message = message
        self.purpose = purpose
    }
}

extension OutgoingMessage {
    /// A message of the outbox, made again from its row. The same row always gives the same message.
    init(_ stored: OutboxMessage) {
        var properties = Properties()
        properties.contentType = stored.contentType
        properties.messageID = stored.messageID
        properties.type = stored.type
        properties.correlationID = stored.correlationID
        if let traceparent = stored.traceparent { properties.headers[HeaderName.traceparent] = .string(traceparent) }
        if let tracestate = stored.tracestate { properties.headers["tracestate"] = .string(tracestate) }
        if let key = stored.originalKey { properties.headers[HeaderName.key] = .string(key) }
        self.init(exchange: stored.exchange, routingKey: stored.routingKey, properties: properties, body: stored.body)
    }

    /// The answer to a request, at an address that was found to be one for answers.
    init(answer body: [UInt8], to delivery: Delivery, at replyTo: String) {
        var properties = Properties()
        properties.contentType = Answer.contentType
        properties.correlationID = delivery.properties.correlationID
        properties.deliveryMode = 1
        properties.headers[HeaderName.traceparent] = delivery.properties.headers[HeaderName.traceparent]
        self.init(exchange: "", routingKey: replyTo, isMandatory: false, properties: properties, body: body)
    }
}

extension BrokerConnection {
    /// Sends what is buffered; under an alarm it stays there without harm.
    func flushUnlessBlocked() throws(BrokerError) {
        do throws(BrokerError) {
            try flush()
        } catch {
            if error.isFatal { throw error }
        }
    }
}
