import HTTP

/// Fields of a form or of a query: `a=1&b%5Bc%5D=2` (`payment-facts.md` 1.2).
struct FormFields {
    private var parts: [String] = []

    /// Adds a field; none where there is no value.
    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        parts.append("\(PercentEncoding.encoded(name))=\(PercentEncoding.encoded(value))")
    }

    mutating func add(_ name: String, _ value: Int64) {
        add(name, String(value))
    }

    /// Fields of a query, all of them given.
    static func query(_ fields: [(name: String, value: String)]) -> String {
        var form = FormFields()
        for field in fields { form.add(field.name, field.value) }
        return form.text
    }

    var text: String { parts.joined(separator: "&") }
    var bytes: [UInt8] { Array(text.utf8) }
}
