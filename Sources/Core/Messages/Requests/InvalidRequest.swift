/// A request whose data breaks its schema: it is refused with an answer, changes nothing, and trying it again cannot help.
public struct InvalidRequest: Error, Equatable, Sendable {
    /// The stable code of the answer.
    public static let code = "invalid_field"

    /// The stable code of the answer, the same for every instance.
    public var code: String { Self.code }
    /// The field at fault; `data` when it is the data as a whole.
    public let field: String
    /// What is wrong with it, in words, without its content.
    public let detail: String

    /// A refusal that names its field.
    public init(field: String, detail: String) {
        self.field = field
        self.detail = detail
    }

    init(_ problem: FieldProblem) {
        self.init(field: problem.field, detail: problem.detail)
    }
}
