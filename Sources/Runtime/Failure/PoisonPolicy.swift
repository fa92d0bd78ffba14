/// When a message that came back is given up (messages.md, "Poison"). Pure.
enum PoisonPolicy {
    /// Crashes on one message after which it is dead-lettered.
    static let mostCrashes = 3

    enum Verdict: Equatable {
        case handle
        case bury(crashes: Int)
    }

    /// - Parameter noted: how many times handling it was begun and never finished, this time included.
    static func verdict(noted: Int) -> Verdict {
        noted > mostCrashes ? .bury(crashes: noted - 1) : .handle
    }
}
