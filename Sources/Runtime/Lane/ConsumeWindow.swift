/// How many messages a consumer lets the broker hand out in advance, and when that changes. Pure.
///
/// The broker counts a crash against every message in the window. So each consumer starts with a window of one, and widens at the first
/// message that was never delivered before: what crashed somebody comes first and has been handled alone by then (messages.md, "Poison").
struct ConsumeWindow: Equatable {
    enum Width: Equatable {
        /// One message at a time.
        case narrow
        /// The first fresh message has been seen: widen once it is handled and committed.
        case due
        case wide
    }

    private(set) var width: Width = .narrow

    /// A message came in.
    mutating func received(isSuspect: Bool) {
        if width == .narrow, !isSuspect { width = .due }
    }

    /// The consumer was started anew with the wide window.
    mutating func widened() { width = .wide }
}
