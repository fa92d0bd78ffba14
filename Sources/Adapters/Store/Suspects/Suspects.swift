public import Postgres

/// Notes messages that came back before they are handled, and forgets them after. Belongs to the thread of its connection. Nothing here
/// waits for the disk but `accused`, which writes nothing.
public enum Suspects {
    /// The places of those messages that have a note: a process may have crashed on them.
    public static func accused(among suspects: [Suspect], on connection: DatabaseConnection) throws(DatabaseError) -> Set<Int> {
        let rows = try connection.query(SuspectStatements.accused, keys(suspects))
        return Set((0..<rows.count).map { Int(rows.int64($0, 0)) - 1 })
    }

    /// Notes messages that are handled in one go. A crash accuses each of them, but only the first time.
    public static func note(together suspects: [Suspect], on connection: DatabaseConnection) throws(DatabaseError) {
        _ = try connection.pipeline([
            Request(SuspectStatements.withoutWaiting), Request(SuspectStatements.noteTogether, keys(suspects)),
        ])
    }

    /// Notes a message that is handled while nothing else is. A living session that has a copy of it in hand in the same way does not
    /// count as a crash.
    /// - Parameter most: where counting ends.
    /// - Returns: how many times handling it was begun without an end, this time included.
    public static func note(alone suspect: Suspect, most: Int, on connection: DatabaseConnection) throws(DatabaseError) -> Int {
        var parameters = Parameters()
        parameters.add(text: suspect.queue)
        parameters.add(text: suspect.key)
        parameters.add(int32: Int32(clamping: most))
        let results = try connection.pipeline([
            Request(SuspectStatements.withoutWaiting), Request(SuspectStatements.noteAlone, parameters),
        ])
        return Int(clamping: results[1].int64(0, 0))
    }

    /// Forgets messages that were handled to the end.
    /// - Parameter alone: they were noted alone.
    public static func forget(_ handled: [Suspect], alone: Bool, on connection: DatabaseConnection) throws(DatabaseError) {
        guard !handled.isEmpty else { return }
        let keys = keys(handled)
        var requests = [Request(SuspectStatements.withoutWaiting), Request(SuspectStatements.clear, keys)]
        if alone { requests.append(Request(SuspectStatements.unlock, keys)) }
        _ = try connection.pipeline(requests)
    }

    /// Takes back the last note of messages that were not handled after all.
    /// - Parameter alone: they were noted alone.
    public static func takeBack(_ unhandled: [Suspect], alone: Bool, on connection: DatabaseConnection) throws(DatabaseError) {
        guard !unhandled.isEmpty else { return }
        let keys = keys(unhandled)
        var requests = [
            Request(SuspectStatements.withoutWaiting), Request(SuspectStatements.takeBack, keys),
            Request(SuspectStatements.clearUnnoted, keys),
        ]
        if alone { requests.append(Request(SuspectStatements.unlock, keys)) }
        _ = try connection.pipeline(requests)
    }

    /// Forgets notes that nobody has come back to for a week.
    public static func forgetOld(on connection: DatabaseConnection) throws(DatabaseError) {
        _ = try connection.pipeline([Request(SuspectStatements.withoutWaiting), Request(SuspectStatements.forgetOld)])
    }

    private static func keys(_ suspects: [Suspect]) -> Parameters {
        var parameters = Parameters()
        parameters.add(texts: suspects.lazy.map(\.queue))
        parameters.add(texts: suspects.lazy.map(\.key))
        return parameters
    }
}
