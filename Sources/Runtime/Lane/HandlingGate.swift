import Synchronization

/// Keeps a message that may have crashed a process apart from everything else that the lanes of a process handle (messages.md, "Poison").
///
/// Batches go through together, any number at a time. An accused message goes through alone: it waits until the others are out, and
/// holds up new ones. So when the process crashes while it is inside, nothing else can be to blame, and when something else crashes the
/// process, it is not inside. Shared by the lanes, which wait in short steps so that their heartbeats go on.
final class HandlingGate: Sendable {
    private struct State {
        var together = 0
        var isAlone = false
        /// Lanes that wait to go through alone. Nobody else enters before them, or they might wait for ever.
        var wishes = 0
    }

    private let state = Mutex(State())

    /// Enters beside others.
    /// - Parameter pause: waits for a moment; false when the lane is to give up.
    /// - Returns: false when it gave up; nothing is to be left then.
    func enterTogether(pause: () -> Bool) -> Bool {
        while true {
            let isIn = state.withLock { state in
                guard !state.isAlone, state.wishes == 0 else { return false }
                state.together += 1
                return true
            }
            if isIn { return true }
            guard pause() else { return false }
        }
    }

    func leaveTogether() { state.withLock { $0.together -= 1 } }

    /// Enters when nobody else is inside. As `enterTogether` otherwise.
    func enterAlone(pause: () -> Bool) -> Bool {
        state.withLock { $0.wishes += 1 }
        defer { state.withLock { $0.wishes -= 1 } }
        while true {
            let isIn = state.withLock { state in
                guard !state.isAlone, state.together == 0 else { return false }
                state.isAlone = true
                return true
            }
            if isIn { return true }
            guard pause() else { return false }
        }
    }

    func leaveAlone() { state.withLock { $0.isAlone = false } }
}
