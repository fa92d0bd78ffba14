public import Postgres

/// Why the schema could not be brought where it was asked to be. Nothing is left half done: every migration is one transaction.
public enum MigrationError: Error, Sendable, CustomStringConvertible {
    /// The folder or one of its files cannot be read; the operating system's reason.
    case unreadable(path: String, reason: String)
    /// The folder's files do not form a sequence of pairs; what is wrong with them.
    case malformed(String)
    /// The asked version lies outside of what the folder has.
    case noSuchVersion(Int, newest: Int)
    /// An applied file was changed afterwards. Write a new migration instead.
    case changed(label: String)
    /// The database has a version that the folder does not know: it was migrated by a newer release.
    case newerDatabase(version: Int, name: String)
    /// A file ran to its end without recording itself, or without taking its record back.
    case unrecorded(label: String)
    /// Another run has been at it for longer than this one was ready to wait; try again.
    case busy
    /// A file failed and was rolled back.
    case failed(label: String, DatabaseError)
    /// The database failed outside of any file.
    case database(DatabaseError)

    /// One line for an operator.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .malformed(let what): "the migrations are incomplete: \(what)"
        case .noSuchVersion(let version, let newest): "there is no version \(version); the newest is \(newest)"
        case .changed(let label): "\(label).up.sql was changed after it was applied to this database; put it back and write a new migration"
        case .newerDatabase(let version, let name):
            "the database is at version \(version) (\(name)), which this release does not know; use the newer release"
        case .unrecorded(let label): "\(label) does not record itself in purser_migrations"
        case .busy: "another migration is still running; try again later"
        case .failed(let label, let error): "\(label) failed and was rolled back: \(error)"
        case .database(let error): error.description
        }
    }
}
