import Synchronization

/// The armed faults and the general delay. Any thread may use it; nobody waits inside its lock.
final class Faults: Sendable {
    /// What a request meets.
    struct Plan: Sendable, Equatable {
        var delay: Int64 = 0
        var fault: FaultRule?
        var decline: Decline?
    }

    private struct Armed {
        var rules: [FaultRule] = []
        var delay: Int64 = 0
        var isStopping = false
    }

    private let armed = Mutex(Armed())
    /// Rings when silence is to end.
    private let released = Bell()

    func arm(_ rule: FaultRule) {
        armed.withLock { $0.rules.append(rule) }
    }

    /// Disarms everything and ends every silence.
    func clear() {
        armed.withLock { $0.rules = [] }
        released.ring()
    }

    var rules: [FaultRule] { armed.withLock { $0.rules } }

    /// The time that every answer of a gateway takes at least.
    var delay: Int64 {
        get { armed.withLock { $0.delay } }
        set { armed.withLock { $0.delay = newValue } }
    }

    /// Nobody is kept waiting any more.
    func stop() {
        armed.withLock { $0.isStopping = true }
        clear()
    }

    /// What this request meets; rules that it uses up are gone. - Parameter charges: whether it may move money to us.
    func take(gateway: String, method: String, path: String, charges: Bool) -> Plan {
        armed.withLock { armed in
            var plan = Plan(delay: armed.delay)
            var isDelayed = false
            for index in armed.rules.indices where armed.rules[index].fits(gateway: gateway, method: method, path: path) {
                let rule = armed.rules[index]
                let isWanted =
                    switch rule.kind {
                    case .delay: !isDelayed
                    case .decline: charges && plan.decline == nil
                    default: plan.fault == nil
                    }
                guard isWanted, rule.left != 0 else { continue }
                guard rule.skip == 0 else {
                    armed.rules[index].skip -= 1
                    continue
                }
                switch rule.kind {
                case .delay:
                    plan.delay += rule.milliseconds
                    isDelayed = true
                case .decline: plan.decline = Decline(methodSuffix: rule.code) ?? Decline("generic_decline")
                default: plan.fault = rule
                }
                armed.rules[index].left = rule.left.map { $0 - 1 }
            }
            armed.rules.removeAll { $0.left == 0 }
            return plan
        }
    }

    /// Keeps the calling thread for so long; shorter only where the faults are cleared or the program stops.
    func hold(_ milliseconds: Int64) {
        let count = released.count
        guard !armed.withLock({ $0.isStopping }) else { return }
        released.wait(after: count, milliseconds: milliseconds)
    }
}
