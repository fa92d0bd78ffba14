import Glibc

/// `poll` with a deadline; signals do not shorten or lengthen it.
enum Poll {
    static func wait(_ descriptors: UnsafeMutableBufferPointer<pollfd>, until deadline: Deadline) {
        while true {
            let left = max(0, deadline.moment - Deadline.now())
            // Rounded up, so that a wait never ends just before its deadline and turns into a spin.
            let milliseconds = Int32(min((left + 999_999) / 1_000_000, 86_400_000))
            let ready = poll(descriptors.baseAddress, nfds_t(descriptors.count), milliseconds)
            if ready >= 0 || errno != EINTR { return }
        }
    }

    /// Waits for one descriptor; true when something happened to it.
    static func wait(_ descriptor: Int32, _ events: Int32, until deadline: Deadline) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        withUnsafeMutablePointer(to: &entry) { wait(UnsafeMutableBufferPointer(start: $0, count: 1), until: deadline) }
        return entry.revents != 0
    }
}
