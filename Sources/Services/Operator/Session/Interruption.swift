import Glibc
import Synchronization

/// Whether somebody pressed Ctrl-C or sent SIGTERM: long commands stop between two steps and say how to go on. A second signal ends the
/// process at once.
enum Interruption {
    fileprivate static let asked = Atomic<Bool>(false)

    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Call once, in a long command.
    static func watch() {
        signal(SIGINT, interrupt)
        signal(SIGTERM, interrupt)
    }
}

/// A handler may do next to nothing, and must be a function at the top level (style.md, traps).
private func interrupt(_ number: Int32) {
    Interruption.asked.store(true, ordering: .relaxed)
    signal(number, SIG_DFL)
}
