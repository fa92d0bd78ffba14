/// Which part of the usage partitions a meter serves first: `--shard i/n` (operations.md, "Scaling and shutdown").
///
/// Counted from 1; 0 is another name of the last one (`0/2` is `2/2`), so both a template unit that counts from 1 and an index that counts
/// from 0 cover every part.
public struct Shard: Sendable, Equatable {
    /// From 0 to below `count`.
    public let index: Int
    /// At least 1.
    public let count: Int

    /// The only part of one.
    public static let whole = Shard(index: 0, count: 1)

    private init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// Reads `i/n` with 0 <= i <= n and n from 1 to 64; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ part in !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let index = Int(parts[0]), let count = Int(parts[1]), (1...64).contains(count), index <= count
        else { return nil }
        self.init(index: index % count, count: count)
    }

    /// As it is typed: from `1/n` to `n/n`.
    public var name: String { Shard.name(index: index, of: count) }

    /// The same for a part that somebody else noted down.
    public static func name(index: Int, of count: Int) -> String { "\(index == 0 ? count : index)/\(count)" }

    /// The part that one lane of this shard takes, where every process of the deployment runs as many lanes.
    /// - Parameter lane: from 0 to below `lanes`.
    public func part(lane: Int, of lanes: Int) -> Shard {
        Shard(index: index * lanes + lane, count: count * lanes)
    }
}
