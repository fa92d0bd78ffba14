/// What is wrong with one attribute or field: the same words wherever it is found.
struct FieldProblem: Error, Equatable, Sendable {
    enum Kind: Sendable { case missing, invalid, duplicate }

    let kind: Kind
    let field: String
    let detail: String

    static func missing(_ field: String) -> FieldProblem {
        FieldProblem(kind: .missing, field: field, detail: "\(field) is missing")
    }

    static func duplicate(_ field: String) -> FieldProblem {
        FieldProblem(kind: .duplicate, field: field, detail: "\(field) stands twice")
    }

    /// `expectation` completes "<field> must be ...".
    static func invalid(_ field: String, _ expectation: String) -> FieldProblem {
        FieldProblem(kind: .invalid, field: field, detail: "\(field) must be \(expectation)")
    }

    static func notText(_ field: String) -> FieldProblem { invalid(field, "a string") }

    static func unpaired(_ field: String) -> FieldProblem { invalid(field, "text without a lone surrogate") }

    static func nul(_ field: String) -> FieldProblem { invalid(field, "text without NUL") }

    static func length(_ field: String, _ bytes: ClosedRange<Int>) -> FieldProblem {
        invalid(field, "\(bytes.lowerBound) to \(bytes.upperBound) bytes long")
    }

    /// The same of a field inside another one.
    func inside(_ outer: String) -> FieldProblem {
        FieldProblem(kind: kind, field: "\(outer).\(field)", detail: "\(outer).\(detail)")
    }

    static func time(_ field: String) -> FieldProblem { invalid(field, "an RFC 3339 time such as 2026-11-20T10:00:00Z") }
}
