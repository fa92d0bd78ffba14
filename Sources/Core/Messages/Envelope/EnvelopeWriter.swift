/// Writes CloudEvents as structured JSON, the only mode that we send.
public enum EnvelopeWriter {
    /// The content type of a structured event.
    public static let contentType = "application/cloudevents+json"
    /// The content type of a batch.
    public static let batchContentType = "application/cloudevents-batch+json"

    /// A whole event. `time` is in microseconds since 1970; `data` writes the members of the data object.
    public static func structured(
        id: String, source: String, type: String, subject: String?, time: Int64?, traceparent: String? = nil,
        data: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        write(id: id, source: source, type: type, subject: subject, time: time, traceparent: traceparent, to: &writer, data: data)
        return writer.bytes
    }

    static func write(
        id: String, source: String, type: String, subject: String?, time: Int64?, traceparent: String?, to writer: inout JSONWriter,
        data: (inout JSONWriter) -> Void
    ) {
        writer.beginObject()
        writer.member("specversion", "1.0")
        writer.member("id", id)
        writer.member("source", source)
        writer.member("type", type)
        writer.member("subject", ifPresent: subject)
        writer.member("time", timeIfPresent: time)
        writer.member("datacontenttype", "application/json")
        writer.member("traceparent", ifPresent: traceparent)
        writer.name("data")
        writer.beginObject()
        data(&writer)
        writer.endObject()
        writer.endObject()
    }
}
