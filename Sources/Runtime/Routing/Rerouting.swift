import AMQP
import Messages
import Telemetry

/// Builds the message that is published when a delivery is put off or buried. Pure.
enum Rerouting {
    /// Texts in headers are cut here, bytes.
    static let longestText = 1000

    /// The copy for a delay queue.
    static func putOff(_ delivery: Delivery, by delay: RetryDelay, reason: String, consumer: String, now: Int64) -> OutgoingMessage {
        var properties = carriedOn(delivery, now: now)
        properties.headers[HeaderName.attempt] = .int(Int64(delivery.attempts + 1))
        properties.headers[HeaderName.reason] = .string(cut(reason))
        properties.headers[HeaderName.error] = nil
        return OutgoingMessage(
            exchange: Exchange.retry.rawValue, routingKey: "\(consumer).\(delay.rawValue)", properties: properties, body: delivery.body)
    }

    /// The copy for the dead letters.
    static func bury(
        _ delivery: Delivery, reason: String, detail: String, consumer: String, queue: String, now: Int64
    ) -> OutgoingMessage {
        var properties = carriedOn(delivery, now: now)
        properties.headers[HeaderName.attempt] = .int(Int64(delivery.attempts))
        properties.headers[HeaderName.reason] = .string(cut(reason))
        properties.headers[HeaderName.error] = .string(cut(detail))
        properties.headers[HeaderName.queue] = .string(cut(queue))
        return OutgoingMessage(exchange: Exchange.dead.rawValue, routingKey: consumer, properties: properties, body: delivery.body)
    }

    /// The copy of one element of a batch message: a message of its own, of the kind of its elements.
    static func bury(_ fragment: DeadFragment, of delivery: Delivery, consumer: String, queue: String, now: Int64) -> OutgoingMessage {
        var message = bury(delivery, reason: fragment.reason, detail: fragment.detail, consumer: consumer, queue: queue, now: now)
        message.properties.headers[HeaderName.index] = .int(Int64(fragment.index))
        message.properties.messageID = nil
        message.properties.replyTo = nil
        message.properties.contentType = "application/cloudevents+json"
        message.body = fragment.body
        return message
    }

    /// The properties as they were, without the broker's headers and with ours. What we once noted stays; what somebody else wrote under
    /// our names goes.
    private static func carriedOn(_ delivery: Delivery, now: Int64) -> Properties {
        var properties = delivery.properties
        properties.headers.entries.removeAll { entry in
            entry.value == .unsupported || HeaderName.isDropped(entry.name)
        }
        fit(&properties)
        let firstSeen = delivery.isSentAgain ? delivery.properties.headers.string(HeaderName.firstSeen) : nil
        properties.headers[HeaderName.firstSeen] = .string(firstSeen ?? Timestamp.text(now))
        properties.headers[HeaderName.key] = .string(delivery.originalRoutingKey)
        properties.headers[HeaderName.user] = delivery.originalUser.map { .string($0) }
        properties.headers[HeaderName.index] = delivery.isSentAgain ? delivery.properties.headers[HeaderName.index] : nil
        properties.deliveryMode = 2
        properties.expiration = nil
        return properties
    }

    /// Bytes of foreign headers that travel on.
    static let mostHeaderBytes = 32_768

    /// A message that came in must be able to go out again, with our headers beside its own: what a repaired text or a widened number has
    /// made too long for the wire is left out, or its copy could never be sent and its delivery never be acknowledged.
    private static func fit(_ properties: inout Properties) {
        var bytes = 0
        properties.headers.entries.removeAll { entry in
            let size = entry.name.utf8.count + size(of: entry.value)
            guard entry.name.utf8.count <= 255, bytes + size <= mostHeaderBytes else { return true }
            bytes += size
            return false
        }
        for path in [
            \Properties.contentType, \.contentEncoding, \.correlationID, \.replyTo, \.messageID, \.type, \.userID, \.appID,
        ] where properties[keyPath: path].map({ $0.utf8.count > 255 }) == true {
            properties[keyPath: path] = nil
        }
    }

    /// At least what a value takes on the wire.
    private static func size(of value: FieldValue) -> Int {
        switch value {
        case .string(let text): text.utf8.count + 6
        case .bytes(let bytes): bytes.count + 6
        case .bool, .int, .double, .timestamp, .void, .unsupported: 10
        }
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        var bytes = text.utf8.prefix(longestText)
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes = bytes.dropLast() }
        return String(decoding: bytes.dropLast(bytes.last ?? 0 >= 0xC0 ? 1 : 0), as: UTF8.self)
    }
}
