/// One writing of a JSON value, whatever the order of its members, its white space and its escapes were.
///
/// A repeated request has the same content when these bytes are the same (messages.md, Answers), so a producer that
/// serialises again in another order is not taken for one that asks for something else.
public enum JSONCanonical {
    /// The canonical bytes: members sorted by the bytes of their names, whole numbers in digits, no white space.
    public static func bytes(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        write(value, to: &writer)
        return writer.bytes
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .null: writer.null()
        case .bool(let flag): writer.value(flag)
        case .whole(let number): writer.value(number)
        case .decimal(let text): writer.raw(text.utf8)
        case .text(let text): writer.value(text)
        case .unpairedText: writer.raw(#""\ud800""#.utf8)
        case .array(let elements):
            writer.beginArray()
            for element in elements { write(element, to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
                writer.name(member.name)
                write(member.value, to: &writer)
            }
            writer.endObject()
        }
    }
}
