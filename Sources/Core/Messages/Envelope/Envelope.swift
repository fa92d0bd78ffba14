/// One CloudEvents 1.0 event, its attributes held against the rules of messages.md.
public struct Envelope: Sendable {
    /// Unique per source; 1 to 128 bytes.
    public let id: String
    /// A URI reference that names the sender; 1 to 255 bytes.
    public let source: String
    /// What the event is; equals the routing key of a command.
    public let type: String
    /// The organization, where the event concerns one.
    public let subject: String?
    /// The event's time in microseconds since 1970, where it has one.
    public let time: Int64?
    /// The W3C trace to go on with, where there is a valid one.
    public let traceparent: String?
    /// The data; nil where there is none.
    public let data: JSONValue?
    /// The bytes in which the ranges of `data` count: the whole message that brought the event.
    public let document: [UInt8]

    /// The subject as an organization's id. Throws when it is missing or not 1 to 128 printable ASCII characters.
    public func organization() throws(UnreadableMessage) -> String {
        do throws(FieldProblem) {
            return try Self.organization(subject)
        } catch { throw UnreadableMessage(error) }
    }

    static func organization(_ subject: String?) throws(FieldProblem) -> String {
        guard let subject else { throw .missing("subject") }
        guard TextRule.isOrganization(subject) else { throw .invalid("subject", "1 to 128 printable ASCII characters") }
        return subject
    }

    /// What a repeated request has to agree in (messages.md, Answers: type, subject and data), in one canonical writing to
    /// take a digest of.
    public func canonicalContent() -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginArray()
        writer.value(type)
        if let subject { writer.value(subject) } else { writer.null() }
        if let data { writer.raw(JSONCanonical.bytes(data)) } else { writer.null() }
        writer.endArray()
        return writer.bytes
    }
}
