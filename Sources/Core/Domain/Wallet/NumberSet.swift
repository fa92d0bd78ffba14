/// Numbers in the order in which they came, each once. Few as they nearly always are, they are looked through; many are looked up.
public struct NumberSet: Hashable, Sendable {
    /// So many are faster looked through than hashed.
    static let few = 16

    public private(set) var numbers: [Int64] = []
    private var index: Set<Int64> = []

    func contains(_ number: Int64) -> Bool {
        numbers.count <= Self.few ? numbers.contains(number) : index.contains(number)
    }

    /// Adds a number; one that is there already changes nothing.
    mutating func insert(_ number: Int64) {
        guard !contains(number) else { return }
        numbers.append(number)
        if numbers.count == Self.few + 1 { index = Set(numbers) } else if numbers.count > Self.few { index.insert(number) }
    }
}
