/// A content type without its parameters, in lower case.
struct MediaType {
    let name: String

    init(_ text: String) {
        let essence = text.prefix { $0 != ";" }
        name = essence.lowercased().filter { $0 != " " && $0 != "\t" }
    }

    /// `application/json`, `text/json` and everything that ends in `+json`.
    var isJSON: Bool { name == "application/json" || name == "text/json" || name.hasSuffix("+json") }
}

/// How a message carries its event or events.
enum ContentMode {
    /// One event, attributes and data in one JSON object.
    case structured
    /// Several of those in one array.
    case batch
    /// Attributes in headers, data in the body.
    case binary

    /// Decides by content type and headers (messages.md, Envelope).
    ///
    /// Without a content type of CloudEvents and without its headers, plain JSON (or no type at all) is read as a structured
    /// event: what a hand-written producer sends.
    init(_ message: IncomingMessage) throws(UnreadableMessage) {
        guard let contentType = message.contentType, !contentType.isEmpty else {
            self = message.headers.isEmpty || !BinaryHeaders.isPresent(in: message.headers) ? .structured : .binary
            return
        }
        // The usual case first, without making a string.
        if contentType == "application/cloudevents+json" {
            self = .structured
            return
        }
        let type = MediaType(contentType)
        switch type.name {
        case "application/cloudevents+json": self = .structured
        case "application/cloudevents-batch+json": self = .batch
        default:
            if type.name.hasPrefix("application/cloudevents") { throw Self.unknown }
            if BinaryHeaders.isPresent(in: message.headers) {
                self = .binary
            } else if type.isJSON {
                self = .structured
            } else {
                throw Self.unknown
            }
        }
    }

    private static let unknown = UnreadableMessage(
        .unknownContentType, field: "content_type",
        detail:
            "content_type must be application/cloudevents+json or application/cloudevents-batch+json, or the attributes stand in headers")
}
