public import Postgres

/// The statements of the table `consumer_heartbeats` (operations.md, "Scaling and shutdown"). All times are the database's, so clocks of
/// hosts need not agree.
public enum HeartbeatStatements {
    /// A lane says that it is alive. A lane that begins anew under an old name starts anew.
    public static let beat = Statement(
        "heartbeat_beat",
        """
        INSERT INTO consumer_heartbeats AS h (program, instance, shard, shards, partitions) VALUES ($1, $2, $3, $4, $5::bigint[]::integer[])
        ON CONFLICT (program, instance) DO UPDATE SET seen_at = now(), shard = $3, shards = $4, partitions = EXCLUDED.partitions
        """)

    /// The others that said so within the last ten seconds.
    public static let others = Statement(
        "heartbeat_others",
        """
        SELECT instance, shard::bigint, shards::bigint, (extract(epoch FROM now() - started_at) * 1000)::bigint, partitions::bigint[]
        FROM consumer_heartbeats
        WHERE program = $1 AND instance <> $2 AND seen_at > now() - interval '10 seconds'
        ORDER BY instance
        """)

    /// A lane ends, or begins: its row, and those of lanes that have been gone for a day, are removed.
    public static let remove = Statement(
        "heartbeat_remove",
        "DELETE FROM consumer_heartbeats WHERE program = $1 AND (instance = $2 OR seen_at < now() - interval '1 day')")
}
