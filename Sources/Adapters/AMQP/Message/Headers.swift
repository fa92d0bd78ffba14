/// A flat table in its order on the wire: headers of a message, or arguments of a declaration. Look-ups are linear; tables are short.
public struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One row of the table.
    public struct Entry: Sendable, Equatable {
        /// Name, at most 255 bytes.
        public var name: String
        /// Value.
        public var value: FieldValue

        /// Makes a row.
        public init(_ name: String, _ value: FieldValue) {
            self.name = name
            self.value = value
        }
    }

    /// All rows in order. A sender may repeat a name; `subscript` then sees the first.
    public var entries: [Entry]

    /// An empty table.
    public init() { entries = [] }

    /// A table in the order of the literal.
    public init(dictionaryLiteral elements: (String, FieldValue)...) {
        entries = elements.map { Entry($0.0, $0.1) }
    }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { entries.isEmpty }

    /// The value of a name; setting replaces the first of that name or appends, setting nil removes all of that name.
    public subscript(name: String) -> FieldValue? {
        get { entries.first { $0.name == name }?.value }
        set {
            guard let newValue else { return entries.removeAll { $0.name == name } }
            if let index = entries.firstIndex(where: { $0.name == name }) {
                entries[index].value = newValue
            } else {
                entries.append(Entry(name, newValue))
            }
        }
    }

    /// The text of a name, where it is text.
    public func string(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }

    /// The whole number of a name, where it is one.
    public func int(_ name: String) -> Int64? {
        if case .int(let number)? = self[name] { number } else { nil }
    }
}
