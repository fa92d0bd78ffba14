/// What went wrong with the database, in the words a caller needs to decide what to do next.
///
/// Holds no parameter values and no detail lines of the server, which quote rows. The server's primary message is kept as it is.
public struct DatabaseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The part that failed.
    public enum Kind: String, Sendable {
        /// The session is gone or could not be opened. The outcome of an unfinished commit is unknown.
        case connectionLost
        /// The server refused a statement; the session goes on.
        case server
        /// A time limit passed: the server's own (SQLSTATE 57014, the session goes on) or the client's (no SQLSTATE, the session is dead).
        case timeout
        /// The connection was used after its end, or asked for something it does not offer; nothing was sent.
        case unusable
    }

    /// The part that failed.
    public let kind: Kind
    /// The five characters of the SQLSTATE; nil where the server said nothing.
    public let sqlState: String?
    /// One line of plain text.
    public let message: String
    /// The violated constraint or unique index, where the server names one.
    public let constraint: String?
    /// The table the server names.
    public let table: String?
    /// The column the server names.
    public let column: String?
    /// The name of the statement that failed; nil outside of statements.
    public let statement: String?
    /// The position of the failed request within its pipeline, counted from 0.
    public let requestIndex: Int?
    /// True when the statement's plan no longer fits the schema; the next use prepares it anew.
    let isStalePlan: Bool

    /// An error of this library or of a double that stands in for it.
    public init(
        kind: Kind, sqlState: String? = nil, message: String, constraint: String? = nil, table: String? = nil, column: String? = nil,
        statement: String? = nil, requestIndex: Int? = nil
    ) {
        self.init(
            kind: kind, sqlState: sqlState, message: message, constraint: constraint, table: table, column: column, statement: statement,
            requestIndex: requestIndex, isStalePlan: false)
    }

    init(
        kind: Kind, sqlState: String?, message: String, constraint: String?, table: String?, column: String?, statement: String?,
        requestIndex: Int?, isStalePlan: Bool
    ) {
        self.kind = kind
        self.sqlState = sqlState
        self.message = message
        self.constraint = constraint
        self.table = table
        self.column = column
        self.statement = statement
        self.requestIndex = requestIndex
        self.isStalePlan = isStalePlan
    }

    /// The statement's name, the SQLSTATE and the message on one line.
    public var description: String {
        var text = kind.rawValue
        if let sqlState { text += " \(sqlState)" }
        if let statement { text += " in \(statement)" }
        return text + ": " + message
    }
}

extension DatabaseError {
    /// True when the same transaction may succeed if it is run again on this connection, after a rollback: serialization failure and
    /// deadlock (40001, 40P01), lock not available (55P03), the server's statement time-out (57014), exhausted resources (53xxx) and
    /// a plan that a migration made stale. False for a lost connection, see `isConnectionLost`.
    public var isRetriable: Bool {
        guard let sqlState, !isConnectionLost else { return false }
        switch sqlState {
        case "40001", "40P01", "55P03", "57014": return true
        default: return isStalePlan || sqlState.hasPrefix("53")
        }
    }

    /// True when the caller must open a new connection before it tries again: the session broke, the server is going down or starting up
    /// (08xxx, 57P01 to 57P05), the client's deadline passed, no connection slot was free at the start, or the server turned out
    /// to be a standby (25006). An unfinished commit may or may not have happened.
    public var isConnectionLost: Bool {
        switch kind {
        case .connectionLost: return true
        case .timeout where sqlState == nil: return true
        case .server, .timeout, .unusable: break
        }
        guard let sqlState else { return false }
        return sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "25006"
    }

    /// True when the server ended the statement because a row with this key is already there (23505).
    /// - Parameter constraint: the name of the constraint or unique index; nil accepts any.
    public func isUniqueViolation(_ constraint: String? = nil) -> Bool {
        sqlState == "23505" && (constraint == nil || self.constraint == constraint)
    }

    /// True when the values themselves are at fault (22xxx and 23xxx), so that a repetition fails again.
    public var isDataFault: Bool {
        guard let sqlState else { return false }
        return sqlState.hasPrefix("22") || sqlState.hasPrefix("23")
    }
}
