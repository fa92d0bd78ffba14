public import Postgres

/// The statements of the table `suspect_messages` (messages.md, "Poison").
public enum SuspectStatements {
    /// Makes the transaction of the same pipeline not wait for the disk. A note must survive our crash, not the server's: at worst one
    /// crash is not counted.
    public static let withoutWaiting = Statement("suspect_lazily", "SELECT set_config('synchronous_commit', 'off', true)")

    /// Notes that a message is about to be handled and says how often that was begun without an end, this time included. One row, by its
    /// key: lanes never wait for one another here.
    public static let note = Statement(
        "suspect_note",
        """
        INSERT INTO suspect_messages AS s (queue, message_key) VALUES ($1, $2)
        ON CONFLICT (queue, message_key) DO UPDATE SET crashes = s.crashes + 1, noted_at = now()
        RETURNING crashes::bigint
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
