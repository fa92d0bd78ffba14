public import Postgres

/// The statements of the table `outbox`.
public enum OutboxStatements {
    /// Stores messages within the step's transaction, all in one statement. The rows are numbered in the order of the arrays, so the
    /// numbers come back in the order of the messages. JSON is made by the server: the few properties are text, and nothing here can
    /// write it wrongly.
    public static let insert = Statement(
        "outbox_insert",
        """
        INSERT INTO outbox (program, exchange, routing_key, properties, headers, body)
        SELECT $1, m.exchange, m.routing_key,
            json_strip_nulls(json_build_object('message_id', m.message_id, 'type', m.type, 'content_type', m.content_type,
                'correlation_id', m.correlation_id)),
            json_strip_nulls(json_build_object('traceparent', m.traceparent, 'tracestate', m.tracestate, 'purser-key', m.original_key)),
            m.body
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bytea[],
                $11::text[])
            WITH ORDINALITY AS m(exchange, routing_key, message_id, type, content_type, correlation_id, traceparent, tracestate, body, original_key, place)
        ORDER BY m.place
        RETURNING id
        """)

    /// Removes published messages. By the primary key, many at a time.
    public static let delete = Statement("outbox_delete", "DELETE FROM outbox WHERE program = $1 AND id = ANY($2)")

    /// Messages that their own lane did not get published: older than five seconds, because younger ones are still its business. SKIP
    /// LOCKED lets several relays work side by side; the locks last until the rows are deleted or the relay gives up. It goes on behind
    /// the row where the last pass ended ($2), so that messages which nobody takes do not stand before all others for ever.
    public static let leftovers = Statement(
        "outbox_leftovers",
        """
        SELECT id, exchange, routing_key, properties->>'message_id', properties->>'type', properties->>'content_type',
            properties->>'correlation_id', headers->>'traceparent', headers->>'tracestate', body,
            headers->>'purser-key'
        FROM outbox
        WHERE program = $1 AND id > $2 AND created_at < now() - interval '5 seconds'
        ORDER BY id
        LIMIT $3
        FOR UPDATE SKIP LOCKED
        """)

    /// Counts a try that failed, for whoever looks into the table.
    public static let missed = Statement(
        "outbox_missed", "UPDATE outbox SET attempts = attempts + 1 WHERE program = $1 AND id = ANY($2)")

    /// How many are left over; counted to 10,000, which is enough to know that something is wrong.
    public static let depth = Statement(
        "outbox_depth",
        """
        SELECT count(*) FROM (
            SELECT 1 FROM outbox WHERE program = $1 AND created_at < now() - interval '5 seconds' LIMIT 10000) AS waiting
        """)
}
