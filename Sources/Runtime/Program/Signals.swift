import Glibc

/// SIGTERM and SIGINT, taken by one thread that waits for them. `async` code and `sigwait` do not mix; handlers may call next to nothing.
enum Signals {
    /// Call in `main` before any thread exists: threads inherit the mask. A peer that hangs up must not end the process either.
    static func block() {
        signal(SIGPIPE, SIG_IGN)
        var set = stopSet()
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for the next of them.
    static func wait() -> Int32 {
        var set = stopSet()
        while true {
            var number: Int32 = 0
            if sigwait(&set, &number) == 0 { return number }
        }
    }

    /// Waits for the next of them, at most for so long; nil when the time is over.
    static func wait(for time: Duration) -> Int32? {
        var set = stopSet()
        let (seconds, attoseconds) = time.components
        var limit = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        while true {
            let number = sigtimedwait(&set, nil, &limit)
            if number > 0 { return number }
            if errno != EINTR { return nil }
        }
    }

    /// Ends the wait of `wait()` from another thread of this process.
    static func wake() { kill(getpid(), SIGTERM) }

    static func name(_ number: Int32) -> String {
        switch number {
        case SIGTERM: "SIGTERM"
        case SIGINT: "SIGINT"
        default: "signal \(number)"
        }
    }

    private static func stopSet() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        return set
    }
}
