import Glibc
import Synchronization
public import Telemetry

/// Tells the lanes of a process to stop: a flag to look at, a descriptor that becomes readable for whoever waits, and a deadline.
/// Any thread may ask and request.
public final class StopSignal: Sendable {
    private let descriptor: Int32
    private let writeEnd: Int32
    private let deadline = Atomic<Int64>(.max)
    private let time: TimeSource

    /// - Precondition: the process has a free descriptor; without one it cannot start anyway.
    public init(time: TimeSource = .system) {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no descriptor is free")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (descriptor, writeEnd) = (ends[0], ends[1])
        self.time = time
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    /// Readable from the first request on, for ever: nobody reads it.
    public var fileDescriptor: Int32 { descriptor }

    /// Whether the lanes should come to an end.
    public var isRequested: Bool { deadline.load(ordering: .relaxed) != .max }

    /// Asks the lanes to finish what they hold within a time. The first request counts.
    public func request(within time: Duration) {
        let end = self.time.monotonicNanoseconds + Int64(time / .nanoseconds(1))
        guard deadline.compareExchange(expected: .max, desired: end, ordering: .relaxed).exchanged else { return }
        var one: UInt8 = 1
        _ = write(writeEnd, &one, 1)
    }

    /// What is left of the time; nil: nobody has asked to stop.
    public var timeLeft: Duration? {
        let end = deadline.load(ordering: .relaxed)
        guard end != .max else { return nil }
        return .nanoseconds(max(0, end - time.monotonicNanoseconds))
    }
}
