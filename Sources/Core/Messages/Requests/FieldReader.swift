/// Takes the fields of a request's data one by one, strictly: a wrong type is an error, `null` is as good as absent, fields
/// that nobody asks for are ignored, and a field that stands twice is refused because readers would differ about it.
struct FieldReader {
    private let data: JSONValue

    /// The fields of an object.
    init(_ data: JSONValue?) throws(FieldProblem) {
        guard let data else { throw .missing("data") }
        guard data.members != nil else { throw .invalid("data", "an object") }
        self.data = data
    }

    /// The value of a field; nil when it is absent or `null`.
    func value(_ field: String) throws(FieldProblem) -> JSONValue? {
        let values = data.members(named: field)
        if values.count > 1 { throw .duplicate(field) }
        guard let value = values.first, !value.isNull else { return nil }
        return value
    }

    /// A text within its length in bytes.
    func text(_ field: String, _ bytes: ClosedRange<Int>) throws(FieldProblem) -> String? {
        guard let value = try value(field) else { return nil }
        return try Self.text(value, field, bytes)
    }

    /// A text that has to be there.
    func requiredText(_ field: String, _ bytes: ClosedRange<Int>) throws(FieldProblem) -> String {
        guard let text = try text(field, bytes) else { throw .missing(field) }
        return text
    }

    private static func text(_ value: JSONValue, _ field: String, _ bytes: ClosedRange<Int>) throws(FieldProblem) -> String {
        if case .unpairedText = value.kind { throw .unpaired(field) }
        guard let text = value.text else { throw .notText(field) }
        try TextRule.check(text, field, bytes)
        return text
    }

    /// A whole number within bounds.
    func whole(_ field: String, _ bounds: ClosedRange<Int64>) throws(FieldProblem) -> Int64? {
        guard let value = try value(field) else { return nil }
        guard let number = value.whole, bounds.contains(number) else {
            throw .invalid(field, "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    /// A whole number that has to be there.
    func requiredWhole(_ field: String, _ bounds: ClosedRange<Int64>) throws(FieldProblem) -> Int64 {
        guard let number = try whole(field, bounds) else { throw .missing(field) }
        return number
    }

    /// A boolean.
    func flag(_ field: String) throws(FieldProblem) -> Bool? {
        guard let value = try value(field) else { return nil }
        guard let flag = value.bool else { throw .invalid(field, "true or false") }
        return flag
    }

    /// A time in microseconds since 1970.
    func time(_ field: String) throws(FieldProblem) -> Int64? {
        guard let value = try value(field) else { return nil }
        guard let text = value.text, let time = EventTime.microseconds(text) else { throw .time(field) }
        return time
    }

    /// A quantity or a number of tokens that stands for use: any number is readable, an impossible one is refused later.
    func quantity(_ field: String) throws(FieldProblem) -> QuantityField {
        guard let value = try value(field) else { return .absent }
        switch value.kind {
        case .whole(let number): return QuantityField(number)
        case .decimal: return .invalid
        default: throw QuantityField.notANumber(field)
        }
    }

    /// A list of texts, each within its length; the list within its own.
    func texts(_ field: String, count: ClosedRange<Int>, _ bytes: ClosedRange<Int>) throws(FieldProblem) -> [String]? {
        guard let value = try value(field) else { return nil }
        guard let elements = value.elements, count.contains(elements.count) else {
            throw .invalid(field, "an array of \(count.lowerBound) to \(count.upperBound) strings")
        }
        var texts: [String] = []
        for element in elements { texts.append(try Self.text(element, field, bytes)) }
        return texts
    }
}
