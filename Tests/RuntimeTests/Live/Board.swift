import Glibc
import Telemetry

/// Where steps of a test write what they did and the test waits for it: a signal with a time-out that names what was awaited.
///
/// `@unchecked`: every access to the notes holds the mutex.
final class Board: @unchecked Sendable {
    struct TimedOut: Error, CustomStringConvertible {
        let description: String
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var notes: [String] = []

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    func note(_ texts: [String]) {
        pthread_mutex_lock(mutex)
        notes += texts
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    var all: [String] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return notes
    }

    /// Waits until the notes are as the test wants them.
    func wait(_ what: String, seconds: Int = 20, until isThere: ([String]) -> Bool) throws {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        end.tv_sec += seconds
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isThere(notes) {
            guard pthread_cond_timedwait(changed, mutex, &end) == 0 else {
                throw TimedOut(description: "\(what): not within \(seconds) s; \(notes.count) notes, the last \(notes.suffix(3))")
            }
        }
    }
}
