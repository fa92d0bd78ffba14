/// One SQL statement with the name under which every connection prepares it, at its first use.
///
/// Keep statements in `static let` properties. A name belongs to one text: a connection traps when the same name comes with another.
/// Results travel in binary form, so cast what has no accessor in `Rows` (`numeric`, `uuid`, `jsonb`): `sum(x)::bigint`, `id::text`.
public struct Statement: Sendable {
    /// The name within the session, at most 55 bytes (the server cuts names at 63).
    public let name: String
    /// The text, with `$1`... for the parameters. Exactly one statement.
    public let sql: String

    /// Takes literals only, so that no value can find its way into the text.
    public init(_ name: StaticString, _ sql: StaticString) {
        precondition(name.utf8CodeUnitCount <= 55, "statement name \(name) is too long")
        self.name = name.description
        self.sql = sql.description
    }
}

/// One statement with its values, as a step of a pipeline.
public struct Request: Sendable {
    let statement: Statement
    let parameters: Parameters

    /// - Parameters:
    ///   - statement: what to run.
    ///   - parameters: the values in the order of `$1`...
    public init(_ statement: Statement, _ parameters: consuming Parameters = Parameters()) {
        self.statement = statement
        self.parameters = parameters
    }
}
