/// Which direct answers may be sent side by side. Pure.
///
/// A broker closes the connection on which it is given a direct answer for a node that is not its own, and with it goes every answer in
/// flight. Once that has happened, an answer for a node that never took one is sent with no other in flight: so it is known what the
/// broker closed for, and nothing of anybody else's is lost.
struct AnswerTrust {
    /// What may be done with an answer.
    enum Verdict {
        case free
        /// Only while nothing else is in flight.
        case alone
        /// The broker closed a connection because of this node a moment ago.
        case never
    }

    /// Nanoseconds.
    static let caution: Int64 = 600_000_000_000
    static let refusal: Int64 = 60_000_000_000
    /// A cluster has fewer nodes, and somebody who makes names up cannot fill the memory.
    static let mostNodes = 1000

    private var proven: Set<String> = []
    private var refused: [String: Int64] = [:]
    private var cautiousUntil = Int64.min

    /// - Parameter node: as in `ReplyAddress.direct`; nil for a queue, to which anything can be sent.
    func verdict(on node: String?, _ now: Int64) -> Verdict {
        guard let node, now < cautiousUntil, !proven.contains(node) else { return .free }
        if let until = refused[node], now < until { return .never }
        return .alone
    }

    /// Whether a connection was closed not long ago.
    func isCautious(_ now: Int64) -> Bool { now < cautiousUntil }

    /// The broker took an answer.
    mutating func worked(_ node: String) {
        guard proven.count < Self.mostNodes else { return }
        proven.insert(node)
    }

    /// The broker closed the connection while answers for these nodes were in flight.
    mutating func failed(_ nodes: Set<String>, _ now: Int64) {
        cautiousUntil = now + Self.caution
        refused = refused.filter { $0.value > now }
        let unproven = nodes.subtracting(proven)
        // A node can leave its cluster; then it has to prove itself anew.
        if unproven.isEmpty { proven.subtract(nodes) }
        if unproven.count == 1, let node = unproven.first, refused.count < Self.mostNodes { refused[node] = now + Self.refusal }
    }
}
