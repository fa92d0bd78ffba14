/// Splits a row of CSV into its fields (RFC 4180). Pure.
enum CSVFields {
    /// - Throws: what is wrong, naming the column.
    static func split(_ record: [UInt8]) throws(RowProblem) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var state = QuoteState.fieldStart
        var wasQuoted = false
        func column() -> String { "column \(fields.count + 1)" }
        for byte in record {
            let next = state.after(byte)
            switch (state, next) {
            case (_, .fieldStart):
                fields.append(try text(field, column()))
                field.removeAll(keepingCapacity: true)
                wasQuoted = false
            case (.fieldStart, .quoted): wasQuoted = true
            case (.quoted, .closed): break
            case (.closed, .plain): throw RowProblem(column(), "has text behind its closing quote")
            default: field.append(byte)
            }
            state = next
        }
        if state == .quoted { throw RowProblem(column(), "has a quote that is never closed") }
        if wasQuoted && state == .plain { throw RowProblem(column(), "has text behind its closing quote") }
        fields.append(try text(field, column()))
        return fields
    }

    private static func text(_ bytes: [UInt8], _ column: String) throws(RowProblem) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw RowProblem(column, "is not UTF-8") }
        return text
    }
}

/// What is wrong with one row of an input: the field, and why, without its content.
struct RowProblem: Error, Equatable, Sendable {
    let field: String
    let reason: String

    init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }
}
