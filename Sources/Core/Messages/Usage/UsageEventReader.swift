/// Reads `usage.recorded` at the speed of the meter: a structured event is gone over once, without building a tree.
///
/// It gives exactly what `UsageRecorded(Envelope)` gives for the same bytes, errors included; a test fuzzes the two against
/// each other and against Foundation's decoder.
public enum UsageEventReader {
    /// Reads a message of `purser.usage` in any of the three modes. Throws when it is unreadable as a whole; the elements of
    /// a batch fail each on its own.
    public static func read(_ message: IncomingMessage) throws(UnreadableMessage) -> MessageContent<UsageRecorded> {
        let traceparent = message.headers.isEmpty ? nil : message.header("traceparent")
        switch try EnvelopeReader.mode(message) {
        case .structured:
            return .single(try structured(message.body, in: 0..<message.body.count, traceparent: traceparent))
        case .binary:
            return .single(try UsageRecorded(try EnvelopeReader.binary(message)))
        case .batch:
            return .batch(
                try BatchSplitter.elements(message.body).map { range in
                    BatchElement(range: range) { () throws(UnreadableMessage) in
                        try structured(message.body, in: range, traceparent: traceparent)
                    }
                })
        }
    }

    /// Reads one structured event. `traceparent` is the message's header, which goes before the event's attribute.
    public static func structured(_ body: [UInt8], traceparent: String? = nil) throws(UnreadableMessage) -> UsageRecorded {
        try structured(body, in: 0..<body.count, traceparent: traceparent)
    }

    static func structured(_ body: [UInt8], in range: Range<Int>, traceparent: String?) throws(UnreadableMessage) -> UsageRecorded {
        var scan: UsageEventScan
        do throws(JSONSyntaxError) {
            guard JSONReader.isUTF8(body, in: range) else { throw JSONSyntaxError(.invalidUTF8, at: range.lowerBound) }
            scan = UsageEventScan(body, range)
            try scan.run()
        } catch { throw UnreadableMessage(error) }
        guard scan.isObject else { throw EnvelopeReader.notAnObject }
        do throws(FieldProblem) {
            return try event(scan, traceparent)
        } catch {
            if error.field == "specversion", error.kind == .invalid {
                throw UnreadableMessage(.unsupportedVersion, field: error.field, detail: error.detail)
            }
            if error == typeProblem { throw UsageRecorded.otherType }
            throw UnreadableMessage(error)
        }
    }

    private static let typeProblem = FieldProblem.invalid("type", UsageRecorded.type)

    /// Judges what was found, in the order in which the general reader does.
    private static func event(_ scan: borrowing UsageEventScan, _ header: String?) throws(FieldProblem) -> UsageRecorded {
        if !scan.equals(scan.specversion, "1.0") { try AttributeRule.version(scan.attribute(scan.specversion)) }
        let id = try scan.attribute(scan.id).requiredText("id", TextRule.id)
        let source = try scan.attribute(scan.source).requiredText("source", TextRule.source)
        var isUsage = true
        if !scan.equals(scan.type, "usage.recorded") {
            isUsage = try scan.attribute(scan.type).requiredText("type", TextRule.type) == UsageRecorded.type
        }
        let subject = try scan.attribute(scan.subject).text("subject", TextRule.subject)
        var time = scan.plainTime
        if time == nil { time = try AttributeRule.time(scan.attribute(scan.time)) }
        if !scan.equals(scan.dataContentType, "application/json") || scan.dataBase64.isPresent {
            try AttributeRule.data(contentType: scan.attribute(scan.dataContentType), base64: scan.attribute(scan.dataBase64))
        }
        if scan.data.kind == .duplicate { throw .duplicate("data") }
        if !isUsage { throw typeProblem }
        let organization = try Envelope.organization(subject)
        guard let time else { throw .missing("time") }
        switch scan.data.kind {
        case .absent, .null: throw .missing("data")
        case .object: break
        default: throw .invalid("data", "an object")
        }
        return UsageRecorded(
            id: id, source: source, organization: organization, time: time,
            service: try scan.attribute(scan.service).requiredText("service", TextRule.service),
            quantity: try scan.quantity(scan.quantity, "quantity"), tokens: try scan.quantity(scan.tokens, "tokens"),
            metadata: try metadata(scan),
            traceparent: header == nil && !scan.traceparent.isPresent
                ? nil : AttributeRule.traceparent(header: header, attribute: scan.attribute(scan.traceparent)))
    }

    private static func metadata(_ scan: borrowing UsageEventScan) throws(FieldProblem) -> String? {
        let slot = scan.metadata
        switch slot.kind {
        case .absent, .null: return nil
        case .duplicate: throw .duplicate("metadata")
        case .object:
            guard TextRule.metadata.contains(slot.end - slot.start) else { throw .length("metadata", TextRule.metadata) }
            return scan.received(slot)
        default: throw ServiceUse.metadataNotAnObject
        }
    }
}
