/// `usage.recorded`: an organization has used a service (messages.md, Requests).
public struct UsageRecorded: Equatable, Sendable {
    /// The type, in the envelope.
    public static let type = "usage.recorded"

    /// The event's id, unique per source; 1 to 128 bytes.
    public var id: String
    /// Who sent it; 1 to 255 bytes.
    public var source: String
    /// Whose use it is; 1 to 128 printable ASCII characters.
    public var organization: String
    /// When it happened, in microseconds since 1970.
    public var time: Int64
    /// What was used; 1 to 128 bytes.
    public var service: String
    /// How much of it; absent means 1.
    public var quantity: QuantityField
    /// The cost itself, for pass-through services.
    public var tokens: QuantityField
    /// `metadata` exactly as received: the text of a JSON object of at most 8 KiB.
    public var metadata: String?
    /// The W3C trace to go on with.
    public var traceparent: String?

    /// An event to publish.
    public init(
        id: String, source: String, organization: String, time: Int64, service: String, quantity: QuantityField = .absent,
        tokens: QuantityField = .absent, metadata: String? = nil, traceparent: String? = nil
    ) {
        self.id = id
        self.source = source
        self.organization = organization
        self.time = time
        self.service = service
        self.quantity = quantity
        self.tokens = tokens
        self.metadata = metadata
        self.traceparent = traceparent
    }

    /// Reads the event from its envelope: the way of binary messages, and the model that the fast reader is tested against.
    public init(_ envelope: Envelope) throws(UnreadableMessage) {
        guard envelope.type == Self.type else { throw Self.otherType }
        do throws(FieldProblem) {
            let organization = try Envelope.organization(envelope.subject)
            guard let time = envelope.time else { throw .missing("time") }
            let use = try ServiceUse(FieldReader(envelope.data), document: envelope.document)
            self.init(
                id: envelope.id, source: envelope.source, organization: organization, time: time, service: use.service,
                quantity: use.quantity, tokens: use.tokens, metadata: use.metadata, traceparent: envelope.traceparent)
        } catch { throw UnreadableMessage(error) }
    }

    static let otherType = UnreadableMessage(.unknownType, field: "type", detail: "type must be \(type)")

    /// The event as structured JSON, as a producer publishes it to `purser.usage`.
    public func structured() -> [UInt8] {
        var writer = JSONWriter(capacity: 320)
        write(to: &writer)
        return writer.bytes
    }

    /// Several events as one batch message; 1 to 1,000 of them and at most 1 MiB are accepted by readers.
    public static func batch(_ events: some Sequence<UsageRecorded>) -> [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        writer.beginArray()
        for event in events { event.write(to: &writer) }
        writer.endArray()
        return writer.bytes
    }

    private func write(to writer: inout JSONWriter) {
        let use = ServiceUse(service: service, quantity: quantity, tokens: tokens, metadata: metadata)
        EnvelopeWriter.write(
            id: id, source: source, type: Self.type, subject: organization, time: time, traceparent: traceparent, to: &writer,
            data: use.write)
    }
}
