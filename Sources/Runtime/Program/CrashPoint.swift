import Glibc
import Synchronization

/// Places between two steps of a lane at which a test can have the process killed, as `kill -9` would (quality.md, "Faults").
///
/// `PURSER_CRASH_POINT=name` or `name:n` arms one for its n-th passing in this process. Unarmed, passing costs one load and a compare.
public enum CrashPoint: String, Sendable, CaseIterable {
    /// A batch was taken from the broker and nothing was done with it.
    case received
    /// A suspect was noted and not handled yet.
    case noted
    /// A step has read what it needs.
    case loaded
    /// A step has decided and written nothing.
    case decided
    /// Everything is written but not committed.
    case beforeCommit = "before-commit"
    /// What a call outside is for is committed; the call was not made.
    case beforeCall = "before-call"
    /// The call was answered; nothing was done about it.
    case afterCall = "after-call"
    /// Committed; nothing was published, answered or acknowledged.
    case afterCommit = "after-commit"
    /// Before messages are handed to the broker (outbox, retries, dead letters).
    case beforePublish = "before-publish"
    /// They were sent; nothing is confirmed.
    case afterPublish = "after-publish"
    /// The broker has confirmed some; nothing was done about it.
    case afterConfirm = "after-confirm"
    /// Before the rows of published messages are deleted.
    case beforeForget = "before-forget"
    /// Before acknowledgements are written.
    case beforeAck = "before-ack"
    /// Acknowledgements were sent.
    case afterAck = "after-ack"
    /// In the relay of left-over messages: published and confirmed, rows not deleted.
    case relayed
    /// A consumer was cancelled in order to widen its window, and not started again.
    case cancelled

    /// The armed point and the passing at which it strikes.
    public struct Trap: Sendable, Equatable {
        /// The point.
        public let point: CrashPoint
        /// From 1.
        public let passing: Int

        /// Reads `name` or `name:n`; nil for an unknown name or n below 1.
        public init?(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let point = CrashPoint(rawValue: String(parts[0])) else { return nil }
            let passing = parts.count == 2 ? Int(parts[1]) : 1
            guard let passing, passing >= 1 else { return nil }
            self.point = point
            self.passing = passing
        }
    }

    static var allNames: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// The passings of one armed point, shared by the lanes of a process.
    public final class Switch: Sendable {
        private let trap: Trap?
        private let passings = Atomic<Int>(0)

        /// A switch that strikes at `trap`, or never.
        public init(_ trap: Trap?) {
            self.trap = trap
        }

        /// Call between two steps. Does not return when the trap strikes.
        @inline(__always)
        public func pass(_ point: CrashPoint) {
            guard let trap, trap.point == point else { return }
            strike(trap)
        }

        private func strike(_ trap: Trap) {
            guard passings.wrappingAdd(1, ordering: .relaxed).newValue == trap.passing else { return }
            kill(getpid(), SIGKILL)
            while true { pause() }
        }
    }
}
