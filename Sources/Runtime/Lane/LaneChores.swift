/// What a lane does beside messages, and when it is next due. Nanoseconds on the monotonic clock. Pure.
struct LaneChores {
    enum Chore: CaseIterable {
        /// Say that the lane is alive, see who else is.
        case heartbeat
        /// Subscribe to the shares of others, as a standby.
        case standBy
        /// Delete outbox rows that are published.
        case forget
        /// Publish what other lanes left in the outbox.
        case relay
        /// Look how deep the queues are.
        case depth
        /// Let the steps do what is due by the clock.
        case tend
    }

    private static let second: Int64 = 1_000_000_000
    private var due: [Chore: Int64] = [:]

    init(now: Int64) {
        for chore in Chore.allCases { due[chore] = now }
        due[.standBy] = now + 5 * LaneChores.second
        due[.relay] = now + 5 * LaneChores.second
        due[.tend] = now + 5 * LaneChores.second
    }

    func isDue(_ chore: Chore, _ now: Int64) -> Bool { now >= due[chore, default: .max] }

    /// It is done for now.
    mutating func done(_ chore: Chore, _ now: Int64) {
        switch chore {
        case .heartbeat: due[chore] = now + 3 * LaneChores.second
        case .standBy: due[chore] = nil
        case .forget: due[chore] = now + LaneChores.second / 5
        case .relay: due[chore] = now + 5 * LaneChores.second
        case .depth: due[chore] = now + 15 * LaneChores.second
        case .tend: due[chore] = now + 5 * LaneChores.second
        }
    }

    /// A part of it is done, and there is more: due at once for an idle lane, overdue soon for a busy one.
    mutating func again(_ chore: Chore, _ now: Int64) { due[chore] = now - LaneChores.patience + LaneChores.second / 5 }

    /// How long a busy lane leaves a chore that is due.
    private static let patience = 60 * second

    /// A busy lane relays too, only less often: somebody has to if no lane is ever idle.
    func isOverdue(_ chore: Chore, _ now: Int64) -> Bool { now >= due[chore, default: .max / 2] + LaneChores.patience }

    /// How long the lane may rest, at most a second, so that its loop is seen to turn.
    func rest(_ now: Int64, hasRows: Bool) -> Duration {
        let next = Chore.allCases.filter { $0 != .forget || hasRows }.compactMap { due[$0] }.min() ?? .max
        return .nanoseconds(max(0, min(next - now, LaneChores.second)))
    }
}
