import Postgres
import Store

/// Remembers what this lane has noted in the table of suspects, so that every note is taken back or forgotten in its time. Belongs to the
/// lane's thread.
///
/// A note is forgotten when its message has its outcome, and taken back when the message goes away unhandled: only a crash leaves one.
final class SuspectKeeper {
    /// Noted and without an outcome yet, all in the same way.
    private var noted: [Suspect] = []
    private var isNotedAlone = false
    /// Dead-lettered, and the copy is safe.
    private var buried: [Suspect] = []

    /// Whether notes of messages are left that are in nobody's hand any more.
    var hasNotes: Bool { !noted.isEmpty }
    /// Whether messages were dead-lettered whose notes can go.
    var hasBuried: Bool { !buried.isEmpty }

    /// Notes messages that are handled in one go.
    func note(together suspects: [Suspect], on connection: DatabaseConnection) throws(DatabaseError) {
        try takeBack(on: connection)
        try Suspects.note(together: suspects, on: connection)
        noted = suspects
        isNotedAlone = false
    }

    /// Notes a message that is handled alone.
    /// - Returns: how many times handling it was begun and never finished, this time included.
    func note(alone suspect: Suspect, on connection: DatabaseConnection) throws(DatabaseError) -> Int {
        try takeBack(on: connection)
        let count = try Suspects.note(alone: suspect, most: PoisonPolicy.mostCrashes + 1, on: connection)
        noted = [suspect]
        isNotedAlone = true
        return count
    }

    /// What was noted has its outcome.
    func forget(on connection: DatabaseConnection) throws(DatabaseError) {
        try Suspects.forget(noted, alone: isNotedAlone, on: connection)
        noted = []
    }

    /// What was noted was not handled after all.
    func takeBack(on connection: DatabaseConnection) throws(DatabaseError) {
        try Suspects.takeBack(noted, alone: isNotedAlone, on: connection)
        noted = []
    }

    /// What was noted is on its way to the dead letters. Its note stays until it is there: if we crash before, it comes back, and must not
    /// be taken for a message that nobody knows.
    func bury() { noted = [] }

    /// A dead letter has arrived.
    func arrived(_ suspect: Suspect) { buried.append(suspect) }

    /// Forgets what was dead-lettered. After its acknowledgement is sent.
    func forgetBuried(on connection: DatabaseConnection) throws(DatabaseError) {
        try Suspects.forget(buried, alone: true, on: connection)
        buried = []
    }
}
