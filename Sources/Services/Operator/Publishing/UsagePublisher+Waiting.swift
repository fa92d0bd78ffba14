import Glibc

extension UsagePublisher {
    /// Lets a server that went away come back before it is tried again; a signal ends the wait.
    static func wait(_ time: Duration) {
        let parts = time.components
        var request = timespec(tv_sec: Int(parts.seconds), tv_nsec: Int(parts.attoseconds / 1_000_000_000))
        nanosleep(&request, nil)
    }
}
