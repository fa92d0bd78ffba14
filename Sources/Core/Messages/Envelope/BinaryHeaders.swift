/// The binary mode of CloudEvents: attributes in headers with one of three prefixes, data in the body.
enum BinaryHeaders {
    /// The AMQP binding's two, and the one of other bindings that some libraries use.
    static let prefixes = ["cloudEvents:", "cloudEvents_", "ce-"]

    /// Whether any header is an attribute.
    static func isPresent(in headers: [IncomingMessage.Header]) -> Bool {
        headers.contains { attributeName($0.name) != nil }
    }

    /// The attribute's name in lower case; nil for a header that is none. Prefixes are compared without regard to case.
    static func attributeName(_ header: String) -> String? {
        for prefix in prefixes where header.utf8.count > prefix.utf8.count {
            let name = header.lowercased()
            if name.hasPrefix(prefix.lowercased()) { return String(name.dropFirst(prefix.count)) }
        }
        return nil
    }

    /// The attributes of a message. The same one twice, under two prefixes, has to say the same.
    static func attributes(_ message: IncomingMessage) -> Attributes {
        var found: [String: Attribute] = [:]
        for header in message.headers {
            guard let name = attributeName(header.name) else { continue }
            if case .text(let earlier) = found[name], earlier != header.value {
                found[name] = .duplicate
            } else if found[name] == nil {
                found[name] = .text(header.value)
            }
        }
        var attributes = Attributes()
        attributes.specversion = found["specversion"] ?? .absent
        attributes.id = found["id"] ?? .absent
        attributes.source = found["source"] ?? .absent
        attributes.type = found["type"] ?? .absent
        attributes.subject = found["subject"] ?? .absent
        attributes.time = found["time"] ?? .absent
        attributes.traceparent = found["traceparent"] ?? .absent
        if let contentType = message.contentType, !contentType.isEmpty { attributes.dataContentType = .text(contentType) }
        return attributes
    }
}
