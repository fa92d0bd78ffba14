import CPostgreSQL

/// Owns one PGresult of libpq and clears it at the end of its life.
struct ResultHandle: ~Copyable {
    private let result: OpaquePointer

    /// Takes the ownership over.
    init(owning result: OpaquePointer) {
        self.result = result
    }

    deinit { PQclear(result) }

    var status: ExecStatusType { PQresultStatus(result) }
    var rowCount: Int32 { PQntuples(result) }
    var columnCount: Int32 { PQnfields(result) }
    var commandTag: String { String(cString: PQcmdStatus(result)) }

    /// The rows a command changed; 0 for commands that count none.
    var affected: Int {
        var value = 0
        var character = UnsafePointer(PQcmdTuples(result)!)
        while character.pointee != 0 {
            value = value * 10 + Int(character.pointee) - 48
            character += 1
        }
        return value
    }

    func type(_ column: Int32) -> UInt32 { PQftype(result, column) }

    func columnName(_ column: Int32) -> String {
        PQfname(result, column).map { String(cString: $0) } ?? "number \(column)"
    }

    /// The first column of this name; nil when there is none. libpq folds the name as SQL does.
    func column(named name: String) -> Int32? {
        let number = PQfnumber(result, name)
        return number < 0 ? nil : number
    }

    func isNull(_ row: Int32, _ column: Int32) -> Bool { PQgetisnull(result, row, column) != 0 }

    /// The bytes live as long as the result; the caller keeps them inside of the closure.
    @inline(__always)
    func withValue<R>(_ row: Int32, _ column: Int32, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        body(UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column))))
    }

    /// One field of an error report, by its letter in the protocol ("Error and Notice Message Fields").
    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }

    /// What the server, or libpq in its place, says about a failed command.
    func error(statement: String?, requestIndex: Int?) -> DatabaseError {
        let state = field("C")
        let severity = field("V")
        let kind: DatabaseError.Kind
        switch state {
        case nil: kind = .connectionLost
        case "57014": kind = .timeout
        default: kind = severity == "FATAL" || severity == "PANIC" ? .connectionLost : .server
        }
        let message = field("M") ?? firstLine(String(cString: PQresultErrorMessage(result)))
        return DatabaseError(
            kind: kind, sqlState: state, message: message, constraint: field("n"), table: field("t"), column: field("c"),
            statement: statement, requestIndex: requestIndex, isStalePlan: state == "0A000" && field("R") == "RevalidateCachedQuery")
    }
}

/// libpq's own messages may run over several lines with advice; the first says what happened.
func firstLine(_ text: String) -> String {
    text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: true).first.map(String.init) ?? "no reason given"
}
