/// Which usage partitions a lane serves first and which it stands by for (operations.md, "Scaling and shutdown"). Pure.
struct SharePlan: Equatable {
    /// Served at once.
    let own: [Int]
    /// The shares of others, by their number; each gets a connection of its own, as a standby.
    let foreign: [Int: [Int]]

    init(part: Shard, partitions: Int) {
        var own: [Int] = []
        var foreign: [Int: [Int]] = [:]
        for partition in 0..<partitions {
            let owner = partition % part.count
            if owner == part.index { own.append(partition) } else { foreign[owner, default: []].append(partition) }
        }
        self.own = own
        self.foreign = foreign
    }
}
