/// The parameters of a request, read strictly. A wrong one is answered as Stripe does, with its name in brackets.
struct Parameters: Sendable {
    let root: Node
    /// What stands before a name in messages: `payment_intent_data` for `payment_intent_data[metadata]`.
    private let prefix: String

    init(_ root: Node, prefix: String = "") {
        self.root = root
        self.prefix = prefix
    }

    func path(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix)[\(name)]" }

    func has(_ name: String) -> Bool { root.has(name) }

    /// The text; nil where it is absent or empty.
    func text(_ name: String) throws(StripeProblem) -> String? {
        let value = root[name]
        if value.isNull { return nil }
        guard let text = value.text else { throw .invalid(path(name), "Invalid string: \(path(name))") }
        return text.isEmpty ? nil : text
    }

    func required(_ name: String) throws(StripeProblem) -> String {
        guard let text = try text(name) else { throw .missing(path(name)) }
        return text
    }

    func integer(_ name: String) throws(StripeProblem) -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let value = Int64(text) else { throw .invalid(path(name), "Invalid integer: \(text)", code: "parameter_invalid_integer") }
        return value
    }

    func flag(_ name: String) throws(StripeProblem) -> Bool? {
        switch try text(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        case .some: throw .invalid(path(name), "Invalid boolean: \(path(name))")
        }
    }

    /// One of these words.
    func word(_ name: String, _ words: [String]) throws(StripeProblem) -> String? {
        guard let text = try text(name) else { return nil }
        guard words.contains(text) else {
            throw .invalid(path(name), "Invalid \(path(name)): must be one of \(words.joined(separator: ", "))")
        }
        return text
    }

    /// The parameters within a parameter.
    func within(_ name: String) throws(StripeProblem) -> Parameters {
        let value = root[name]
        switch value {
        case .object, .list: return Parameters(value, prefix: path(name))
        case .null: return Parameters([:], prefix: path(name))
        case .text(""): return Parameters([:], prefix: path(name))
        default: throw .invalid(path(name), "Invalid object")
        }
    }

    /// The elements of a list, each with its place in the name.
    func list(_ name: String) throws(StripeProblem) -> [Parameters] {
        try within(name).root.elements.enumerated().map { Parameters($0.element, prefix: "\(path(name))[\($0.offset)]") }
    }

    /// The texts of a list.
    func texts(_ name: String) -> [String] {
        root[name].elements.compactMap(\.text)
    }

    /// Metadata put over what is there: an empty value takes its key away, an empty map takes everything.
    func metadata(over old: Node = [:]) throws(StripeProblem) -> Node {
        var merged = old
        let given = root["metadata"]
        if given.text == "" { return [:] }
        // Keys that are all numbers look like a list to the decoder.
        let fields = given.isObject ? given.fields : given.elements.enumerated().map { Node.Field(name: "\($0.offset)", value: $0.element) }
        for field in fields {
            guard let value = field.value.text else { throw .invalid(path("metadata") + "[\(field.name)]", "Invalid string") }
            guard field.name.count <= 40 else {
                throw .invalid(path("metadata"), "Invalid metadata key: keys must be at most 40 characters long")
            }
            guard value.count <= 500 else {
                throw .invalid(path("metadata") + "[\(field.name)]", "Metadata values can have up to 500 characters")
            }
            if value.isEmpty { merged.remove(field.name) } else { merged[field.name] = .text(value) }
        }
        guard merged.fields.count <= 50 else { throw .invalid(path("metadata"), "Metadata can have up to 50 keys") }
        return merged
    }
}
