import Synchronization

/// A number that goes up and down. Any thread may set it.
public final class Gauge: Sendable {
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    init() {}

    /// Replaces the value.
    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    /// The value as last set.
    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}
