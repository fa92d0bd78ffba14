/// A row of `consumer_heartbeats`: a lane that is alive, and what it serves.
public struct Heartbeat: Sendable, Equatable {
    /// Host, process and lane.
    public let instance: String
    /// Which share it serves first, from 0.
    public let shard: Int
    /// Of how many.
    public let shards: Int
    /// Since when, by the database's clock, seconds.
    public let secondsAlive: Double
    /// The partitions of its own share.
    public let partitions: [Int]

    /// A row with these parts.
    public init(instance: String, shard: Int, shards: Int, secondsAlive: Double, partitions: [Int]) {
        self.instance = instance
        self.shard = shard
        self.shards = shards
        self.secondsAlive = secondsAlive
        self.partitions = partitions
    }
}
