import AMQP
import Crypto
import Messages
import Runtime

/// A message that could not be done, as it lies in a dead-letter queue. Pure.
struct DeadLetter {
    let queue: DeadLetterQueue
    let delivery: Delivery
    /// By what a person names it: the message's id, or for one without the beginning of its body's digest.
    let id: String

    init(_ delivery: Delivery, in queue: DeadLetterQueue) {
        self.queue = queue
        self.delivery = delivery
        if let id = delivery.properties.messageID, !id.isEmpty {
            self.id = id
        } else {
            id = "sha256:\(SHA256.hash(delivery.body).hex.prefix(16))"
        }
    }

    private func header(_ name: String) -> String? { delivery.properties.headers.string(name) }

    /// Whether the broker itself brought it here (the delivery limit). Our programs drop the broker's headers when they bury a message, so
    /// one that has them was never touched by us, and whatever it says under our names was written by its publisher.
    var isBrokers: Bool {
        delivery.properties.headers.entries.contains { $0.name == "x-death" || $0.name.hasPrefix("x-first-death-") }
    }

    var reason: String { isBrokers ? header("x-first-death-reason") ?? "broker" : header(HeaderName.reason) ?? "unknown" }
    var error: String? { isBrokers ? nil : header(HeaderName.error) }
    var firstSeen: String? { isBrokers ? nil : header(HeaderName.firstSeen) }
    var type: String { delivery.properties.type ?? "-" }

    /// The queue to which it goes back: the one from which it was buried.
    var home: String {
        let named = isBrokers ? header("x-first-death-queue") : header(HeaderName.queue)
        if let named, queue.owns(named) { return named }
        return queue.consumer == "usage" ? "purser.usage.0" : "purser.\(queue.consumer)"
    }

    /// The copy that goes back through the default exchange, with flat headers and as if it had never failed (messages.md, "Queues").
    /// - Parameter key: the routing key under which it was first published, where nothing else knows it.
    func again(key: String?) -> OutgoingMessage {
        var properties = delivery.properties
        let isBrokers = isBrokers
        properties.headers.entries.removeAll { entry in
            entry.value == .unsupported || HeaderName.isDropped(entry.name) || (isBrokers && entry.name.hasPrefix("purser-"))
        }
        for name in [HeaderName.attempt, HeaderName.reason, HeaderName.error, HeaderName.queue] {
            properties.headers[name] = nil
        }
        if let key, properties.headers[HeaderName.key] == nil { properties.headers[HeaderName.key] = .string(key) }
        if let user = properties.userID, properties.headers[HeaderName.user] == nil {
            properties.headers[HeaderName.user] = .string(user)
        }
        properties.deliveryMode = 2
        properties.expiration = nil
        return OutgoingMessage(exchange: "", routingKey: home, properties: properties, body: delivery.body)
    }

    func write(to writer: inout JSONWriter, withBody: Bool) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("queue", queue.consumer)
        writer.member("type", delivery.properties.type ?? "")
        writer.member("reason", reason)
        writer.member("error", ifPresent: error)
        writer.member("first_seen", ifPresent: firstSeen)
        writer.member("bytes", Int64(delivery.body.count))
        if withBody {
            writer.name("headers")
            writer.beginObject()
            for entry in delivery.properties.headers.entries { writer.member(entry.name, DeadLetter.text(entry.value)) }
            writer.endObject()
            if let text = String(validating: delivery.body, as: UTF8.self) {
                writer.member("body", text)
            } else {
                writer.member("body_base64", TextCoding.base64.encode(delivery.body))
            }
        }
        writer.endObject()
    }

    /// Everything about it, for a person.
    var lines: [String] {
        let properties = delivery.properties
        var rows: [(String, String?)] = [
            ("queue", queue.name), ("type", properties.type), ("reason", reason), ("error", error), ("first seen", firstSeen),
            ("goes back to", home), ("content type", properties.contentType), ("correlation id", properties.correlationID),
            ("user", properties.userID),
        ]
        rows += properties.headers.entries.map { ("header \($0.name)", DeadLetter.text($0.value)) }
        let width = rows.map(\.0.count).max() ?? 0
        var lines =
            [id]
            + rows.compactMap { name, value in
                value.map { "  " + name + String(repeating: " ", count: width - name.count) + "  " + TextTable.printable($0) }
            }
        let body = String(validating: delivery.body, as: UTF8.self).map(TextTable.printable)
        lines.append(body ?? "(\(delivery.body.count) bytes that are no text: --json shows them in base64)")
        return lines
    }

    private static func text(_ value: FieldValue) -> String {
        switch value {
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): "\(number)"
        case .string(let text): text
        case .bytes(let bytes): TextCoding.base64.encode(bytes)
        case .timestamp(let seconds): EventTime.secondsText(microseconds: Int64(clamping: min(seconds, 253_402_300_799)) * 1_000_000)
        case .void: ""
        case .unsupported: "(nested)"
        }
    }
}
