import Store

/// When a lane gives back partitions that it serves for somebody else. Pure.
enum HandoverPolicy {
    /// An owner that has been alive for so long gets its partitions back, seconds.
    static let ownerAlive = 10.0

    /// The owner to whom `serving` goes back, if any.
    /// - Parameters:
    ///   - serving: foreign partitions from which messages came.
    ///   - instance: who asks.
    ///   - heartbeats: rows of this program that were renewed lately.
    static func owner(of serving: Set<Int>, asking instance: String, _ heartbeats: [Heartbeat]) -> String? {
        heartbeats.first { row in
            row.instance != instance && row.secondsAlive >= ownerAlive && row.partitions.contains { serving.contains($0) }
        }?.instance
    }
}
