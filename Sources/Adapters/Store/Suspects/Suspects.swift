public import Postgres

/// Notes messages that came back before they are handled, and forgets them after. Belongs to the thread of its connection.
public enum Suspects {
    /// Forgets `handled` and notes `suspect`, in one round trip that does not wait for the disk.
    /// - Returns: how many times handling `suspect` was begun without an end, this time included.
    public static func note(
        _ suspect: Suspect, forgetting handled: [Suspect], on connection: DatabaseConnection
    ) throws(DatabaseError) -> Int {
        var requests = [Request(SuspectStatements.withoutWaiting)]
        if !handled.isEmpty { requests.append(clearRequest(handled)) }
        var parameters = Parameters()
        parameters.add(text: suspect.queue)
        parameters.add(text: suspect.key)
        requests.append(Request(SuspectStatements.note, parameters))
        let results = try connection.pipeline(requests)
        return Int(clamping: results[results.count - 1].int64(0, 0))
    }

    /// Forgets messages that were handled to the end, in one round trip that does not wait for the disk.
    public static func forget(_ handled: [Suspect], on connection: DatabaseConnection) throws(DatabaseError) {
        guard !handled.isEmpty else { return }
        _ = try connection.pipeline([Request(SuspectStatements.withoutWaiting), clearRequest(handled)])
    }

    /// Forgets notes that nobody has come back to for a week.
    public static func forgetOld(on connection: DatabaseConnection) throws(DatabaseError) {
        _ = try connection.pipeline([Request(SuspectStatements.withoutWaiting), Request(SuspectStatements.forgetOld)])
    }

    private static func clearRequest(_ handled: [Suspect]) -> Request {
        var parameters = Parameters()
        parameters.add(texts: handled.lazy.map(\.queue))
        parameters.add(texts: handled.lazy.map(\.key))
        return Request(SuspectStatements.clear, parameters)
    }
}
