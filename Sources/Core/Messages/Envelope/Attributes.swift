/// The attributes of one event that we read, as they were found; all others are ignored.
struct Attributes {
    var specversion = Attribute.absent
    var id = Attribute.absent
    var source = Attribute.absent
    var type = Attribute.absent
    var subject = Attribute.absent
    var time = Attribute.absent
    var dataContentType = Attribute.absent
    var dataBase64 = Attribute.absent
    var traceparent = Attribute.absent

    init() {}

    /// The attributes of a structured event.
    init(_ event: JSONValue) {
        specversion = Attribute("specversion", in: event)
        id = Attribute("id", in: event)
        source = Attribute("source", in: event)
        type = Attribute("type", in: event)
        subject = Attribute("subject", in: event)
        time = Attribute("time", in: event)
        dataContentType = Attribute("datacontenttype", in: event)
        dataBase64 = Attribute("data_base64", in: event)
        traceparent = Attribute("traceparent", in: event)
    }

    /// Holds every attribute against its rule, in a fixed order, and builds the envelope.
    ///
    /// `header` is the message's own `traceparent`, which is nearer than the event's.
    func envelope(data: JSONValue?, document: [UInt8], traceparent header: String?) throws(UnreadableMessage) -> Envelope {
        do throws(FieldProblem) {
            try AttributeRule.version(specversion)
            let id = try id.requiredText("id", TextRule.id)
            let source = try source.requiredText("source", TextRule.source)
            let type = try type.requiredText("type", TextRule.type)
            let subject = try subject.text("subject", TextRule.subject)
            let time = try AttributeRule.time(time)
            try AttributeRule.data(contentType: dataContentType, base64: dataBase64)
            return Envelope(
                id: id, source: source, type: type, subject: subject, time: time,
                traceparent: AttributeRule.traceparent(header: header, attribute: traceparent), data: data, document: document)
        } catch {
            throw error.field == "specversion" && error.kind == .invalid
                ? UnreadableMessage(.unsupportedVersion, field: error.field, detail: error.detail) : UnreadableMessage(error)
        }
    }
}

/// The rules for single attributes.
enum AttributeRule {
    static func version(_ attribute: Attribute) throws(FieldProblem) {
        let version = try attribute.requiredText("specversion", 0...1024)
        if version != "1.0" { throw .invalid("specversion", "1.0") }
    }

    /// Microseconds since 1970; nil when the event has no time.
    static func time(_ attribute: Attribute) throws(FieldProblem) -> Int64? {
        guard let text = try attribute.text("time", 0...1024) else { return nil }
        guard let time = EventTime.microseconds(text) else { throw .time("time") }
        return time
    }

    /// Data is JSON, in `data`.
    static func data(contentType: Attribute, base64: Attribute) throws(FieldProblem) {
        if let type = try contentType.text("datacontenttype", 0...1024), !MediaType(type).isJSON {
            throw .invalid("datacontenttype", "a JSON type")
        }
        if case .absent = base64 { return }
        throw .invalid("data_base64", "absent: data is read as JSON from data")
    }

    /// The trace to go on with. One that is malformed is dropped, not refused: tracing never stops an event.
    static func traceparent(header: String?, attribute: Attribute) -> String? {
        if let header, Traceparent.isValid(header) { return header }
        if case .text(let text) = attribute, Traceparent.isValid(text) { return text }
        return nil
    }
}
