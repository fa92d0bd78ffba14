import AMQP
import Messages

/// Puts a request into a message, as messages.md, "Envelope", says.
enum RequestMessage {
    /// The source of everything that this program asks for.
    static let source = "/purser/cli"

    /// - Parameters:
    ///   - data: a JSON object.
    ///   - document: what it was read from, where its members are to be sent as they stand there.
    ///   - subject: the organization, where the request concerns one.
    static func make(
        type: String, id: String, source: String = source, subject: String?, time: Int64, data: JSONValue, document: [UInt8]? = nil
    ) -> OutgoingMessage {
        let body = EnvelopeWriter.structured(id: id, source: source, type: type, subject: subject, time: time) { writer in
            for member in data.members ?? [] {
                writer.name(member.name)
                if let document { writer.raw(member.value.received(in: document)) } else { writer.raw(JSONCanonical.bytes(member.value)) }
            }
        }
        let isUsage = type == UsageRecorded.type
        return OutgoingMessage(
            exchange: isUsage ? "purser.usage" : "purser.commands", routingKey: isUsage ? subject ?? "" : type,
            properties: properties(id: id, type: type), body: body)
    }

    static func properties(id: String?, type: String, contentType: String = EnvelopeWriter.contentType) -> Properties {
        var properties = Properties()
        properties.messageID = id
        properties.type = type
        properties.contentType = contentType
        return properties
    }
}
