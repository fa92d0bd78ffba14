import Postgres
import Runtime

/// What the tables say of how things go.
struct DatabaseState {
    struct Program {
        let name: String
        let instance: String
        /// `i/n`, as it is typed.
        let share: String
        /// Those that it serves first; who serves one now only the broker knows.
        let partitions: [Int64]
        let secondsAgo: Int64
        let secondsAlive: Int64

        /// A lane says that it is alive every few seconds; after ten it is taken for gone (operations.md, "Scaling and shutdown").
        var isAlive: Bool { secondsAgo <= 10 }
    }

    let isEnabled: Bool?
    let programs: [Program]
    let outbox: [(program: String, count: Int64, secondsOld: Int64)]
    let refusals: [(reason: String, count: Int64)]
    let suspects: Int64
    let figures: WalletFigures
    /// Seconds since the newest ledger row was recorded, and the rows of the last minute.
    let lastRowSeconds: Int64?
    let rowsLastMinute: Int64

    static func read(on connection: DatabaseConnection) throws(DatabaseError) -> DatabaseState {
        let results = try connection.pipeline([
            Request(StatusStatements.settings), Request(StatusStatements.programs), Request(StatusStatements.outbox),
            Request(StatusStatements.refusals), Request(StatusStatements.suspects), Request(StatusStatements.ledger),
        ])
        let (settings, beats, outbox) = (results[0], results[1], results[2])
        return DatabaseState(
            isEnabled: settings.isEmpty ? nil : settings.bool(0, 0),
            programs: (0..<beats.count).map { row in
                Program(
                    name: beats.text(row, 0), instance: beats.text(row, 1),
                    share: Shard.name(index: Int(beats.int64(row, 2)), of: Int(beats.int64(row, 3))), partitions: beats.int64Array(row, 4),
                    secondsAgo: beats.int64(row, 5), secondsAlive: beats.int64(row, 6))
            },
            outbox: (0..<outbox.count).map { (outbox.text($0, 0), outbox.int64($0, 1), outbox.int64($0, 2)) },
            refusals: (0..<results[3].count).map { (results[3].text($0, 0), results[3].int64($0, 1)) },
            suspects: results[4].int64(0, 0), figures: try WalletFigures.read(on: connection),
            lastRowSeconds: results[5].int64OrNil(0, 0), rowsLastMinute: results[5].int64(0, 1))
    }
}

enum StatusStatements {
    static let settings = Statement("operator_settings", "SELECT enabled, rates_version, updated_at FROM system_settings")

    static let programs = Statement(
        "operator_programs",
        """
        SELECT program, instance, shard::bigint, shards::bigint, partitions::bigint[],
            greatest(extract(epoch FROM now() - seen_at), 0)::bigint, greatest(extract(epoch FROM seen_at - started_at), 0)::bigint
        FROM consumer_heartbeats ORDER BY program, instance
        """)

    static let outbox = Statement(
        "operator_outbox",
        """
        SELECT program, count(*), greatest(extract(epoch FROM now() - min(created_at)), 0)::bigint FROM outbox GROUP BY program ORDER BY program
        """)

    /// Open ones only: those that were accepted later are history.
    static let refusals = Statement(
        "operator_refusals", "SELECT reason, count(*) FROM usage_refusals WHERE accepted_at IS NULL GROUP BY reason ORDER BY reason")

    static let suspects = Statement("operator_suspects", "SELECT count(*) FROM suspect_messages")

    /// The BRIN index on created_at bounds the look-back: rows of the last hour lie in the newest blocks.
    static let ledger = Statement(
        "operator_last_row",
        """
        SELECT CASE WHEN count(*) > 0 THEN greatest(extract(epoch FROM now() - max(created_at)), 0)::bigint END,
            count(*) FILTER (WHERE created_at > now() - interval '1 minute')
        FROM token_balance_history WHERE created_at > now() - interval '1 hour'
        """)
}
