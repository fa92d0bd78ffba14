/// Why bytes are not JSON, and where. Never carries the bytes themselves: they may be somebody's data.
public struct JSONSyntaxError: Error, Equatable, Sendable {
    /// What is wrong.
    public enum Problem: Sendable {
        /// The text ends inside a value, or there is none at all.
        case unexpectedEnd
        /// A byte that cannot stand there.
        case unexpectedByte
        /// A backslash is followed by something that is no escape.
        case invalidEscape
        /// A control character (below U+0020) stands unescaped in a string.
        case controlCharacter
        /// A number that the grammar does not allow, such as `01`, `1.` or `+1`.
        case invalidNumber
        /// More than `JSONReader.depthLimit` arrays and objects inside one another.
        case tooDeep
        /// Something other than white space follows the value.
        case trailingBytes
        /// The bytes are not UTF-8.
        case invalidUTF8
    }

    /// What is wrong.
    public let problem: Problem
    /// Offset of the byte, counted from 0 at the start of the buffer.
    public let offset: Int

    /// A problem at a place.
    public init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// The problem in words, for logs and for the header `purser-error`.
    public var detail: String {
        switch problem {
        case .unexpectedEnd: "JSON ends too early at byte \(offset)"
        case .unexpectedByte: "JSON has an unexpected character at byte \(offset)"
        case .invalidEscape: "JSON has an invalid escape at byte \(offset)"
        case .controlCharacter: "JSON has an unescaped control character at byte \(offset)"
        case .invalidNumber: "JSON has an invalid number at byte \(offset)"
        case .tooDeep: "JSON is nested deeper than \(JSONReader.depthLimit) at byte \(offset)"
        case .trailingBytes: "something follows the JSON value at byte \(offset)"
        case .invalidUTF8: "the text is not UTF-8"
        }
    }
}
