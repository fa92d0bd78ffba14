import Synchronization

/// A number that only goes up. Any thread may add; one addition is one atomic instruction, but lanes add once a batch all the same.
public final class Counter: Sendable {
    private let total = Atomic<Int64>(0)

    init() {}

    /// Adds; what is not above zero is ignored, because a counter that falls looks like a restart.
    public func add(_ count: Int = 1) {
        guard count > 0 else { return }
        total.wrappingAdd(Int64(count), ordering: .relaxed)
    }

    /// What it counts so far.
    public var value: Int64 { total.load(ordering: .relaxed) }
}
