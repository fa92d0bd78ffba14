public import Postgres

/// Reads and writes the heartbeats of one program. Belongs to the thread of its connection.
public enum Heartbeats {
    /// Says that `own` is alive and reads who else is, in one round trip that does not wait for the disk.
    public static func beat(_ own: Heartbeat, program: String, on connection: DatabaseConnection) throws(DatabaseError) -> [Heartbeat] {
        var beat = Parameters()
        beat.add(text: program)
        beat.add(text: own.instance)
        beat.add(int32: Int32(clamping: own.shard))
        beat.add(int32: Int32(clamping: own.shards))
        beat.add(int64s: own.partitions.lazy.map { Int64($0) })
        var others = Parameters()
        others.add(text: program)
        others.add(text: own.instance)
        let results = try connection.pipeline([
            Request(SuspectStatements.withoutWaiting), Request(HeartbeatStatements.beat, beat), Request(HeartbeatStatements.others, others),
        ])
        let rows = results[2]
        return (0..<rows.count).map { row in
            Heartbeat(
                instance: rows.text(row, 0), shard: Int(rows.int64(row, 1)), shards: Int(rows.int64(row, 2)),
                secondsAlive: Double(rows.int64(row, 3)) / 1000, partitions: rows.int64Array(row, 4).map { Int($0) })
        }
    }

    /// Removes the row of a lane that ends or begins.
    public static func remove(_ instance: String, program: String, on connection: DatabaseConnection) throws(DatabaseError) {
        var parameters = Parameters()
        parameters.add(text: program)
        parameters.add(text: instance)
        _ = try connection.query(HeartbeatStatements.remove, parameters)
    }
}
