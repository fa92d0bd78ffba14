/// The bodies of answers (messages.md, Answers): `{"ok":true,"result":{…}}` or `{"ok":false,"error":{…}}`.
public enum Answer {
    /// The content type of every answer.
    public static let contentType = "application/json"

    /// A success; `result` writes the members of the result.
    public static func success(_ result: (inout JSONWriter) -> Void) -> [UInt8] {
        write(ok: true, "result", result)
    }

    /// A refusal; `more` writes members beside `code` and `detail`.
    public static func failure(code: String, detail: String, _ more: (inout JSONWriter) -> Void = { _ in }) -> [UInt8] {
        write(ok: false, "error") { writer in
            writer.member("code", code)
            writer.member("detail", detail)
            more(&writer)
        }
    }

    /// A refusal with one of our codes; `field` is the field at fault, where it is one.
    public static func failure(
        _ code: ErrorCode, detail: String, field: String? = nil, _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> [UInt8] {
        failure(code: code.rawValue, detail: detail) { writer in
            writer.member("field", ifPresent: field)
            more(&writer)
        }
    }

    /// A refusal because of a field, which it names.
    public static func failure(_ request: InvalidRequest) -> [UInt8] {
        failure(.invalidField, detail: request.detail, field: request.field)
    }

    /// A refusal of a message that cannot be read.
    public static func failure(_ message: UnreadableMessage) -> [UInt8] {
        failure(.unreadable, detail: message.detail, field: message.field) { $0.member("reason", message.reason.rawValue) }
    }

    /// The answers to the elements of a batch, in their order.
    public static func batch(_ answers: [[UInt8]]) -> [UInt8] {
        var writer = JSONWriter(capacity: answers.reduce(2) { $0 + $1.count + 1 })
        writer.beginArray()
        for answer in answers { writer.raw(answer) }
        writer.endArray()
        return writer.bytes
    }

    private static func write(ok: Bool, _ name: String, _ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("ok", ok)
        writer.name(name)
        writer.beginObject()
        members(&writer)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
