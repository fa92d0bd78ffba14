import Glibc

/// Threads wait here until somebody rings or a time is over. Any thread may do either.
// The pointers are set once and freed when nobody holds the bell any more; what stands behind them is the library's to guard.
final class Bell: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var rings: UInt64 = 0

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// How often it has rung: read before looking for work, so that a ring in between is not missed.
    var count: UInt64 {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return rings
    }

    /// Wakes everybody who waits.
    func ring() {
        pthread_mutex_lock(mutex)
        rings += 1
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Waits for a ring after `count`, at most for so long.
    func wait(after count: UInt64, milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        var limit = timespec()
        clock_gettime(CLOCK_MONOTONIC, &limit)
        let nanoseconds = Int64(limit.tv_nsec) + (milliseconds % 1000) * 1_000_000
        limit.tv_sec += Int(milliseconds / 1000 + nanoseconds / 1_000_000_000)
        limit.tv_nsec = Int(nanoseconds % 1_000_000_000)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while rings == count {
            if pthread_cond_timedwait(condition, mutex, &limit) != 0 { return }
        }
    }
}
