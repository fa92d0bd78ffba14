/// A CloudEvents attribute as it was found, before any rule about it: in an object's member, in a header, or by the scanner
/// of usage events. The rules stand here once, so that every way in gives the same verdict.
enum Attribute {
    /// Not there, or `null`.
    case absent
    /// A string.
    case text(String)
    /// A string with a lone surrogate.
    case unpaired
    /// Something other than a string.
    case otherType
    /// More than one of the name.
    case duplicate

    /// The attribute in an object.
    init(_ name: String, in object: JSONValue) {
        let values = object.members(named: name)
        guard let value = values.first else {
            self = .absent
            return
        }
        if values.count > 1 {
            self = .duplicate
            return
        }
        switch value.kind {
        case .null: self = .absent
        case .text(let text): self = .text(text)
        case .unpairedText: self = .unpaired
        default: self = .otherType
        }
    }

    /// The text, if there is one; throws for anything that is neither text nor absent, or that breaks the bounds.
    func text(_ name: String, _ bytes: ClosedRange<Int>) throws(FieldProblem) -> String? {
        switch self {
        case .absent: return nil
        case .text(let text):
            try TextRule.check(text, name, bytes)
            return text
        case .unpaired: throw .unpaired(name)
        case .otherType: throw .notText(name)
        case .duplicate: throw .duplicate(name)
        }
    }

    /// The same for an attribute that has to be there.
    func requiredText(_ name: String, _ bytes: ClosedRange<Int>) throws(FieldProblem) -> String {
        guard let text = try text(name, bytes) else { throw .missing(name) }
        return text
    }
}
