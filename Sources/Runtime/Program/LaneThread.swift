import Glibc
import Synchronization

/// An OS thread with its own stack that runs one closure. Lanes block, so they must not live in the cooperative pool, which has as many
/// threads as the machine has cores (style.md, "The shape of a step").
public final class LaneThread: Sendable {
    private let handle: pthread_t
    private let isJoined = Atomic<Bool>(false)

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts the thread.
    public init(_ body: @escaping @Sendable () -> Void) {
        // Released by the thread itself when it starts; leaked only if no thread can be made, and then the process ends here.
        let retained = Unmanaged.passRetained(Body(body)).toOpaque()
        var made = pthread_t()
        let failure = pthread_create(&made, nil, LaneThread.enter, retained)
        precondition(failure == 0, "no thread could be made")
        handle = made
    }

    /// A constant without captures: a C callback that is a closure of `main` would inherit its actor (style.md, "Traps").
    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }

    /// Waits for the end of the thread. Only the first call does; a thread can be joined once.
    public func join() {
        guard !isJoined.exchange(true, ordering: .relaxed) else { return }
        pthread_join(handle, nil)
    }
}
