/// A quantity, or a number of tokens, as a usage event carries it.
///
/// A number that is no possible quantity does not make the event unreadable: it is refused as `invalid_quantity`, so that the
/// refusal stands beside the others of its organization (domain.md 5.2).
public enum QuantityField: Equatable, Sendable {
    /// Not there, or `null`.
    case absent
    /// A whole number, 1 or more.
    case whole(Int64)
    /// A fraction, zero, a negative number, or one beyond 64 bits.
    case invalid

    /// The field for a number that is whole.
    public init(_ number: Int64) {
        self = number >= 1 ? .whole(number) : .invalid
    }

    static func notANumber(_ field: String) -> FieldProblem { .invalid(field, "a number") }

    /// Writes the field under its name; nothing when it is absent. An invalid one has no number to write and becomes 0.
    func write(_ name: String, to writer: inout JSONWriter) {
        switch self {
        case .absent: return
        case .whole(let number): writer.member(name, number)
        case .invalid: writer.member(name, 0)
        }
    }
}
