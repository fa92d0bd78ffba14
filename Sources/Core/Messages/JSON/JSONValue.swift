/// One value of a JSON document, with the place where it stood, so that it can be kept as it was received.
public struct JSONValue: Sendable {
    /// What kind of value, and the value.
    public enum Kind: Sendable {
        /// `null`.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// A number that is whole and fits 64 bits, however it was written: `1000`, `1e3`, `1000.0`.
        case whole(Int64)
        /// Any other number, as written.
        case decimal(String)
        /// A string.
        case text(String)
        /// A string with a surrogate that has no partner: it is valid JSON, but no text.
        case unpairedText
        /// An array.
        case array([JSONValue])
        /// An object, its members in their order. A name may stand twice; who reads it decides (see `members(named:)`).
        case object([JSONMember])
    }

    /// What the value is.
    public let kind: Kind
    /// Where it stands in the bytes that were read.
    public let range: Range<Int>

    /// A value that stood at `range`.
    public init(_ kind: Kind, at range: Range<Int>) {
        self.kind = kind
        self.range = range
    }

    /// True for `null`.
    public var isNull: Bool {
        if case .null = kind { true } else { false }
    }

    /// The members of an object in their order; nil for anything else.
    public var members: [JSONMember]? {
        if case .object(let members) = kind { members } else { nil }
    }

    /// The elements of an array; nil for anything else.
    public var elements: [JSONValue]? {
        if case .array(let elements) = kind { elements } else { nil }
    }

    /// The text of a string; nil for anything else.
    public var text: String? {
        if case .text(let text) = kind { text } else { nil }
    }

    /// The number, when it is whole and fits 64 bits; nil for anything else.
    public var whole: Int64? {
        if case .whole(let value) = kind { value } else { nil }
    }

    /// The boolean; nil for anything else.
    public var bool: Bool? {
        if case .bool(let value) = kind { value } else { nil }
    }

    /// The first member of that name in an object; nil where there is none.
    public subscript(name: String) -> JSONValue? {
        members?.first { $0.name == name }?.value
    }

    /// Every member of that name: two make the name ambiguous.
    public func members(named name: String) -> [JSONValue] {
        (members ?? []).filter { $0.name == name }.map(\.value)
    }

    /// The value's own bytes, as received.
    public func received(in document: [UInt8]) -> [UInt8] {
        Array(document[range])
    }
}

/// A name and its value in an object.
public struct JSONMember: Sendable {
    /// The name, without escapes.
    public let name: String
    /// The value.
    public let value: JSONValue

    /// A member of an object.
    public init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}
