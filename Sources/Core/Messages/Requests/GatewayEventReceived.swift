public import Domain

/// `billing.gateway_event`: what a gateway has posted, as it came; billing verifies its signature again. Concerns no organization.
public struct GatewayEventReceived: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.gatewayEvent

    /// A header of the post.
    public struct Header: Equatable, Sendable {
        /// Its name, 1 to 255 bytes, in any case.
        public var name: String
        /// Its value; at most 8,192 bytes.
        public var value: String

        /// A header.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Whose webhook it is.
    public var gateway: Gateway
    /// The headers of the post, at most 100; no name stands twice.
    public var headers: [Header]
    /// The raw body, at most 1 MiB; base64 in JSON.
    public var body: [UInt8]
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(gateway: Gateway, headers: [Header], body: [UInt8], actor: String? = nil) {
        self.gateway = gateway
        self.headers = headers
        self.body = body
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            GatewayEventReceived(
                gateway: try fields.requiredGateway("gateway"), headers: try Self.headers(fields), body: try Self.body(fields),
                actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// The value of a header, whatever the case of its name; nil where it is not among them.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// A name that stood twice, in whatever case, would leave open which signature is meant.
    private static func headers(_ fields: FieldReader) throws(FieldProblem) -> [Header] {
        let field = "headers"
        guard let value = try fields.value(field) else { throw .missing(field) }
        guard let members = value.members, members.count <= RequestRule.headerLimit else {
            throw .invalid(field, "an object of at most \(RequestRule.headerLimit) strings")
        }
        var names: Set<String> = []
        var headers: [Header] = []
        for member in members {
            guard let text = member.value.text else { throw .invalid(field, "an object of strings") }
            try TextRule.check(member.name, field, RequestRule.headerName)
            try TextRule.check(text, field, RequestRule.headerValue)
            guard names.insert(member.name.lowercased()).inserted else { throw .invalid(field, "without a name that stands twice") }
            headers.append(Header(name: member.name, value: text))
        }
        return headers
    }

    private static func body(_ fields: FieldReader) throws(FieldProblem) -> [UInt8] {
        let text = try fields.requiredText("body", RequestRule.base64Body)
        guard let body = Base64.bytes(text.utf8), body.count <= RequestRule.bodyLimit else {
            throw .invalid("body", "base64 of at most \(RequestRule.bodyLimit) bytes")
        }
        return body
    }

    private func writeHeaders(to writer: inout JSONWriter) {
        writer.name("headers")
        writer.beginObject()
        for header in headers { writer.member(header.name, header.value) }
        writer.endObject()
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("gateway", gateway.rawValue)
        writeHeaders(to: &writer)
        writer.member("body", Base64.text(body))
        writer.member("actor", ifPresent: actor)
    }
}
