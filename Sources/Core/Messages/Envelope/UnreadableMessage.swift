/// A message, or an element of a batch, that can never be handled: it goes to the dead letters with this reason.
///
/// Trying again cannot help. The detail names the field and never shows its content.
public struct UnreadableMessage: Error, Equatable, Sendable {
    /// The stable code, for the header `purser-reason`, metrics and grouping.
    public let reason: UnreadableReason
    /// The attribute or field at fault, where it is one.
    public let field: String?
    /// What is wrong, in words, for the header `purser-error`.
    public let detail: String

    /// A message that cannot be read.
    public init(_ reason: UnreadableReason, field: String? = nil, detail: String) {
        self.reason = reason
        self.field = field
        self.detail = detail
    }

    init(_ error: JSONSyntaxError) {
        let reason: UnreadableReason =
            switch error.problem {
            case .invalidUTF8: .notUTF8
            case .tooDeep: .tooDeep
            default: .notJSON
            }
        self.init(reason, detail: error.detail)
    }

    init(_ problem: FieldProblem) {
        let reason: UnreadableReason =
            switch problem.kind {
            case .missing: .missingField
            case .duplicate: .duplicateField
            case .invalid: .invalidField
            }
        self.init(reason, field: problem.field, detail: problem.detail)
    }
}

/// Why a message cannot be read. The raw values are stable: operators group dead letters by them.
public enum UnreadableReason: String, Sendable, CaseIterable {
    /// The body is not JSON.
    case notJSON = "not_json"
    /// The body is not UTF-8.
    case notUTF8 = "not_utf8"
    /// Arrays and objects are nested too deeply.
    case tooDeep = "too_deep"
    /// The message is larger than 1 MiB.
    case tooLarge = "too_large"
    /// The content type is none that we read.
    case unknownContentType = "unknown_content_type"
    /// A batch is not an array, or its elements cannot be told apart.
    case notABatch = "not_a_batch"
    /// A batch has no elements.
    case emptyBatch = "empty_batch"
    /// A batch has more than 1,000 elements.
    case batchTooLong = "batch_too_long"
    /// The event is JSON, but not an object.
    case notAnObject = "not_an_object"
    /// `specversion` is not `1.0`.
    case unsupportedVersion = "unsupported_version"
    /// A required attribute or field is not there.
    case missingField = "missing_field"
    /// An attribute or field has the wrong type, length or form.
    case invalidField = "invalid_field"
    /// An attribute or field stands twice.
    case duplicateField = "duplicate_field"
    /// The type is none that this queue's consumer handles.
    case unknownType = "unknown_type"
}
