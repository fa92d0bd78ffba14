import Messages

/// A JSON document that is built, looked into and changed: what the simulator keeps in its books and shows to its callers.
///
/// Members whose name begins with an underscore are the simulator's own and are never shown.
enum Node: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Int64)
    /// A number that is not whole, as written.
    case decimal(String)
    case text(String)
    case list([Node])
    case object([Field])

    struct Field: Sendable, Equatable {
        let name: String
        var value: Node
    }

    /// The text, or null.
    static func maybe(_ text: String?) -> Node { text.map { .text($0) } ?? .null }

    /// The number, or null.
    static func maybe(_ number: Int64?) -> Node { number.map { .number($0) } ?? .null }

    var isNull: Bool { self == .null }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var number: Int64? {
        if case .number(let number) = self { number } else { nil }
    }

    var flag: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The elements of a list; empty for anything else.
    var elements: [Node] {
        if case .list(let elements) = self { elements } else { [] }
    }

    /// The members of an object; empty for anything else.
    var fields: [Field] {
        if case .object(let fields) = self { fields } else { [] }
    }

    var isObject: Bool {
        if case .object = self { true } else { false }
    }

    /// A member of an object; null where there is none. Setting turns what is no object into one.
    subscript(name: String) -> Node {
        get { fields.first { $0.name == name }?.value ?? .null }
        set {
            var fields = fields
            if let place = fields.firstIndex(where: { $0.name == name }) {
                fields[place].value = newValue
            } else {
                fields.append(Field(name: name, value: newValue))
            }
            self = .object(fields)
        }
    }

    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    mutating func remove(_ name: String) {
        self = .object(fields.filter { $0.name != name })
    }

    /// Without the simulator's own members.
    var shown: Node {
        guard case .object(let fields) = self else { return self }
        return .object(fields.filter { !$0.name.hasPrefix("_") })
    }

    /// The same with the members of another object put over it.
    func merging(_ other: Node) -> Node {
        var merged = self
        for field in other.fields { merged[field.name] = field.value }
        return merged
    }
}

extension Node: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: Node...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, Node)...) { self = .object(elements.map { Field(name: $0.0, value: $0.1) }) }
}

// JSON in and out.
extension Node {
    /// What was read.
    init(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .whole(let number): self = .number(number)
        case .decimal(let text): self = .decimal(text)
        case .text(let text): self = .text(text)
        case .unpairedText: self = .text("\u{FFFD}")
        case .array(let elements): self = .list(elements.map { Node($0) })
        case .object(let members): self = .object(members.map { Field(name: $0.name, value: Node($0.value)) })
        }
    }

    /// Reads a document; nil when the bytes are not JSON.
    init?(json: [UInt8]) {
        guard let value = try? JSONReader.read(json) else { return nil }
        self.init(value)
    }

    /// As JSON, without white space.
    var json: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        write(to: &writer)
        return writer.bytes
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let flag): writer.value(flag)
        case .number(let number): writer.value(number)
        case .decimal(let text): writer.raw(text.utf8)
        case .text(let text): writer.value(text)
        case .list(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let fields):
            writer.beginObject()
            for field in fields {
                writer.name(field.name)
                field.value.write(to: &writer)
            }
            writer.endObject()
        }
    }
}
