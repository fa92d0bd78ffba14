/// Notices a published message of which the broker says nothing, whatever else it confirms. Pure.
struct ConfirmSilence {
    /// A message is given up after once to twice this time, nanoseconds. A busy broker confirms within a second or two.
    static let limit: Int64 = 10_000_000_000

    /// The newest message at the last look, and when that was.
    private var mark: (sequence: UInt64, at: Int64)?

    /// Looks at what is not confirmed; cheap where nothing is or where the last look was not long ago.
    /// - Parameters:
    ///   - inFlight: sequence numbers without an outcome.
    ///   - now: monotonic, nanoseconds.
    ///   - isBlocked: under an alarm the broker may take its time.
    mutating func isTooLong(_ inFlight: some Collection<UInt64>, _ now: Int64, isBlocked: Bool) -> Bool {
        guard !isBlocked, !inFlight.isEmpty else {
            mark = nil
            return false
        }
        if let mark, now - mark.at < Self.limit { return false }
        let isStuck = mark.map { mark in inFlight.contains { $0 <= mark.sequence } } ?? false
        mark = inFlight.max().map { ($0, now) }
        return isStuck
    }
}
