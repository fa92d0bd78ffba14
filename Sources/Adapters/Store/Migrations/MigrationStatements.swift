import Postgres

/// What the runner asks besides the files. Names are qualified: the session may have any search path.
enum MigrationStatements {
    /// The lock that every file takes too, so that a run by `psql -f` waits for us and we for it. Held by the session, across files.
    static let lock = Statement("migrations_lock", "SELECT pg_advisory_lock(88465361560946)")

    static let unlock = Statement("migrations_unlock", "SELECT pg_advisory_unlock(88465361560946)")

    /// The record is a table of the first migration: there is none before it.
    static let exists = Statement("migrations_exist", "SELECT to_regclass('public.purser_migrations') IS NOT NULL")

    static let applied = Statement(
        "migrations_applied", "SELECT version::bigint, name, checksum FROM public.purser_migrations ORDER BY version")

    /// The files read the setting when they record themselves.
    static let announceChecksum = Statement("migrations_checksum", "SELECT set_config('purser.checksum', $1, false)")

    /// Files that were applied by hand recorded themselves without a checksum; the present file's is taken over.
    static let adopt = Statement(
        "migrations_adopt", "UPDATE public.purser_migrations SET checksum = $2 WHERE version = $1 AND checksum IS NULL")
}
