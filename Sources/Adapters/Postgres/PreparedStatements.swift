/// Which statements the session knows, and under which names.
struct PreparedStatements {
    private struct Entry {
        let sql: String
        let types: [UInt32]
        let serverName: String
    }

    private var entries: [String: Entry] = [:]
    private var generation = 0

    /// The server's name of a statement that is prepared, or whose preparation is on its way.
    ///
    /// Traps when the same name comes with another text or other types: the server would run the wrong statement.
    func serverName(of statement: Statement, with parameters: borrowing Parameters) -> String? {
        guard let entry = entries[statement.name] else { return nil }
        precondition(entry.sql == statement.sql, "two statements have the name \(statement.name)")
        precondition(parameters.hasTypes(entry.types), "statement \(statement.name) was first used with parameters of other types")
        return entry.serverName
    }

    /// Notes a preparation that is about to be sent.
    mutating func add(_ statement: Statement, types: [UInt32]) -> String {
        let serverName = generation == 0 ? statement.name : "\(statement.name)#\(generation)"
        entries[statement.name] = Entry(sql: statement.sql, types: types, serverName: serverName)
        return serverName
    }

    /// The preparation failed or never happened.
    mutating func forget(_ name: String) {
        entries[name] = nil
    }

    /// The server holds a plan under this name that it refuses to use, so the next preparation needs a new name.
    mutating func replace(_ name: String) {
        entries[name] = nil
        generation += 1
    }
}
