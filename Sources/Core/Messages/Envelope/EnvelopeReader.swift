/// Reads the events of a message in any of the three modes (messages.md, Envelope).
public enum EnvelopeReader {
    /// The largest message, in bytes.
    public static let sizeLimit = 1 << 20
    /// The most events in a batch.
    public static let batchLimit = 1_000

    /// Reads a message. Throws when it is unreadable as a whole; the elements of a batch fail each on its own.
    public static func read(_ message: IncomingMessage) throws(UnreadableMessage) -> MessageContent<Envelope> {
        switch try mode(message) {
        case .structured:
            return .single(try structured(message.body, in: 0..<message.body.count, traceparent: message.header("traceparent")))
        case .binary:
            return .single(try binary(message))
        case .batch:
            return .batch(
                try BatchSplitter.elements(message.body).map { range in
                    BatchElement(range: range) { () throws(UnreadableMessage) in
                        try structured(message.body, in: range, traceparent: message.header("traceparent"))
                    }
                })
        }
    }

    /// The mode of a message that is not too large.
    static func mode(_ message: IncomingMessage) throws(UnreadableMessage) -> ContentMode {
        if message.body.count > sizeLimit { throw UnreadableMessage(.tooLarge, detail: "the message is larger than \(sizeLimit) bytes") }
        return try ContentMode(message)
    }

    static func structured(_ body: [UInt8], in range: Range<Int>, traceparent: String?) throws(UnreadableMessage) -> Envelope {
        let event: JSONValue
        do throws(JSONSyntaxError) {
            event = try JSONReader.read(body, in: range)
        } catch { throw UnreadableMessage(error) }
        guard event.members != nil else { throw notAnObject }
        let data = event.members(named: "data")
        let envelope = try Attributes(event).envelope(data: present(data.first), document: body, traceparent: traceparent)
        if data.count > 1 { throw UnreadableMessage(.duplicate("data")) }
        return envelope
    }

    static let notAnObject = UnreadableMessage(.notAnObject, detail: "the event is not a JSON object")

    static func binary(_ message: IncomingMessage) throws(UnreadableMessage) -> Envelope {
        var data: JSONValue?
        if !message.body.isEmpty {
            do throws(JSONSyntaxError) {
                data = try JSONReader.read(message.body)
            } catch { throw UnreadableMessage(error) }
        }
        return try BinaryHeaders.attributes(message)
            .envelope(data: present(data), document: message.body, traceparent: message.header("traceparent"))
    }

    private static func present(_ value: JSONValue?) -> JSONValue? {
        guard let value, !value.isNull else { return nil }
        return value
    }
}
