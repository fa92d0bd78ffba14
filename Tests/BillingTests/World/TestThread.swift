import Glibc
import Synchronization

/// A thread of a test's own, because the step blocks and blocking code does not belong into tasks.
final class TestThread<Value: Sendable>: Sendable {
    private let handle: Mutex<pthread_t?>
    private let box: Box

    private final class Box: Sendable {
        let body: @Sendable () throws -> Value
        let result = Mutex<Result<Value, any Error>?>(nil)

        init(_ body: @escaping @Sendable () throws -> Value) { self.body = body }

        func run() {
            let value = Result { try body() }
            result.withLock { $0 = value }
        }
    }

    /// The thread was not started.
    struct NotStarted: Error {}

    /// Starts the thread.
    init(_ body: @escaping @Sendable () throws -> Value) {
        box = Box(body)
        let runnable = Runnable { [box] in box.run() }
        var thread = pthread_t()
        let failed = pthread_create(&thread, nil, runTestThread, Unmanaged.passRetained(runnable).toOpaque())
        handle = Mutex(failed == 0 ? thread : nil)
    }

    /// Waits for its end.
    func result() throws -> Value {
        guard let thread = handle.withLock({ $0.take() }) else { throw NotStarted() }
        pthread_join(thread, nil)
        guard let result = box.result.withLock({ $0 }) else { throw NotStarted() }
        return try result.get()
    }
}

/// What a thread runs; generic types cannot travel through a C callback.
private final class Runnable: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Top-level, because a closure would inherit an actor (style.md, traps).
private func runTestThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<Runnable>.fromOpaque(argument).takeRetainedValue().body()
    return nil
}
