import Postgres
import Store

/// Remembers which messages this lane has noted as suspects, so that one crash is counted once: a message that is handled again because
/// the database was away has not crashed anybody. Belongs to the lane's thread.
final class SuspectKeeper {
    private let context: LaneContext
    /// Noted and not handled to the end yet, with what the note said.
    private var noted: [Suspect: Int] = [:]
    /// Handled to the end and still noted in the table.
    private var finished: [Suspect] = []

    init(context: LaneContext) {
        self.context = context
    }

    var hasNotes: Bool { !noted.isEmpty || !finished.isEmpty }

    /// Notes a message that is about to be handled, and forgets those that are through, in one round trip.
    /// - Returns: how many times handling it was begun and never finished, this time included.
    func note(_ suspect: Suspect, on connection: DatabaseConnection) throws(DatabaseError) -> Int {
        if let count = noted[suspect] { return count }
        let count = try Suspects.note(suspect, forgetting: finished, on: connection)
        finished = []
        noted[suspect] = count
        return count
    }

    /// A message has its outcome.
    func handled(_ suspect: Suspect) {
        noted[suspect] = nil
        finished.append(suspect)
    }

    /// Forgets in the table what is through. Before the messages are acknowledged.
    func forgetHandled(on connection: DatabaseConnection) throws(DatabaseError) {
        try Suspects.forget(finished, on: connection)
        finished = []
    }

    /// Forgets everything: the lane ends in good order.
    func forgetAll(on connection: DatabaseConnection) throws(DatabaseError) {
        try Suspects.forget(finished + noted.keys, on: connection)
        finished = []
        noted = [:]
    }
}
