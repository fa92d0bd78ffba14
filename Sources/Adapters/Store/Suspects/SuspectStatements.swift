public import Postgres

/// The statements of the table `suspect_messages` (messages.md, "Poison").
public enum SuspectStatements {
    /// Makes the transaction of the same pipeline not wait for the disk. A note must survive our crash, not the server's: at worst one
    /// crash is not counted.
    public static let withoutWaiting = Statement("suspect_lazily", "SELECT set_config('synchronous_commit', 'off', true)")

    /// Which of some messages have a note that nobody has taken back: handling them was begun and not finished. By the key, one look each.
    public static let accused = Statement(
        "suspect_accused",
        """
        SELECT c.place FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS c(queue, message_key, place)
        WHERE EXISTS (SELECT FROM suspect_messages AS s WHERE s.queue = c.queue AND s.message_key = c.message_key)
        """)

    /// Notes messages that are about to be handled together. One that has a note already keeps it as it is: what is handled in company
    /// is accused once and never again. Ordered, so that two lanes lock rows in one order.
    public static let noteTogether = Statement(
        "suspect_note_together",
        """
        INSERT INTO suspect_messages (queue, message_key)
        SELECT queue, message_key FROM unnest($1::text[], $2::text[]) AS c(queue, message_key)
        ORDER BY queue COLLATE "C", message_key COLLATE "C"
        ON CONFLICT (queue, message_key) DO NOTHING
        """)

    /// Notes that a message is about to be handled alone and says how often handling it was begun without an end, this time included, at
    /// most $3: further on there is nothing to learn. The session keeps a lock for as long as it has the message in hand. Whoever cannot
    /// get it sees a living process with a copy of the message, whose note is no crash. A crash ends the session and frees the lock.
    public static let noteAlone = Statement(
        "suspect_note_alone",
        """
        INSERT INTO suspect_messages AS s (queue, message_key, crashes)
        SELECT $1, $2, pg_try_advisory_lock(hashtextextended($2, hashtext($1)))::int
        ON CONFLICT (queue, message_key) DO UPDATE SET crashes = least(s.crashes + excluded.crashes, $3), noted_at = now()
        RETURNING crashes::bigint
        """)

    /// Gives back the locks of `noteAlone`. A lock that went with its session is none of this session's: nothing happens then.
    public static let unlock = Statement(
        "suspect_unlock",
        """
        SELECT pg_advisory_unlock(hashtextextended(c.message_key, hashtext(c.queue)))
        FROM unnest($1::text[], $2::text[]) AS c(queue, message_key)
        """)

    /// Takes back one note of each message, because it goes to another unhandled. Ordered as in `noteTogether`.
    public static let takeBack = Statement(
        "suspect_take_back",
        """
        UPDATE suspect_messages SET crashes = greatest(crashes - 1, 0)
        WHERE (queue, message_key) IN (
            SELECT s.queue, s.message_key FROM suspect_messages AS s
            JOIN unnest($1::text[], $2::text[]) AS c(queue, message_key) USING (queue, message_key)
            ORDER BY s.queue, s.message_key FOR UPDATE OF s)
        """)

    /// Forgets those messages of which no note is left; their rows are locked by `takeBack` in the same transaction.
    public static let clearUnnoted = Statement(
        "suspect_clear_unnoted",
        """
        DELETE FROM suspect_messages AS s USING unnest($1::text[], $2::text[]) AS c(queue, message_key)
        WHERE s.queue = c.queue AND s.message_key = c.message_key AND s.crashes = 0
        """)

    /// Forgets messages that were handled to the end. The keys are ordered so that two lanes lock rows in one order.
    public static let clear = Statement(
        "suspect_clear",
        """
        DELETE FROM suspect_messages
        WHERE (queue, message_key) IN (
            SELECT s.queue, s.message_key FROM suspect_messages AS s
            JOIN unnest($1::text[], $2::text[]) AS c(queue, message_key) USING (queue, message_key)
            ORDER BY s.queue, s.message_key FOR UPDATE OF s)
        """)

    /// Forgets what nobody has come back to for a week: the message went another way.
    public static let forgetOld = Statement("suspect_forget_old", "DELETE FROM suspect_messages WHERE noted_at < now() - interval '7 days'")
}
