import Runtime
import Synchronization
import Telemetry

/// Does what is due at its moment, in a thread of its own.
final class Settler: Sendable {
    private let books: Books
    private let time: TimeSource
    private let bell = Bell()
    private let isStopping = Atomic<Bool>(false)
    private let thread = Mutex<LaneThread?>(nil)

    init(books: Books, time: TimeSource) {
        self.books = books
        self.time = time
        let started = LaneThread { [self] in run() }
        thread.withLock { $0 = started }
    }

    /// Something new waits.
    func wake() {
        bell.ring()
    }

    func stop() {
        isStopping.store(true, ordering: .relaxed)
        bell.ring()
        thread.withLock { $0 }?.join()
    }

    private func run() {
        while !isStopping.load(ordering: .relaxed) {
            let seen = bell.count
            let next = books.change { Due.settle(&$0) }
            let now = time.wallMicroseconds / 1000
            bell.wait(after: seen, milliseconds: next.map { max(1, $0 - now) } ?? 60_000)
        }
    }
}
