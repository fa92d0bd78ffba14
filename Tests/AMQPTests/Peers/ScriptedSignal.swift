import Glibc

/// Lets a script and its test wait for one another.
// Unchecked: both fields are only touched with `mutex` held.
final class ScriptedSignal: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value = 0

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        mutex.deallocate()
        condition.deallocate()
    }

    var total: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return value
    }

    func count(_ amount: Int = 1) {
        pthread_mutex_lock(mutex)
        value += amount
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    func signal() { count() }

    /// Waits until so much has been counted; the time limit of the suite bounds it.
    func wait(total: Int = 1) {
        pthread_mutex_lock(mutex)
        while value < total { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
    }
}
