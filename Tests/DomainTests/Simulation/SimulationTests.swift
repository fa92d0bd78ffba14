import Glibc
import Testing

@Suite("Simulation of the rules against a model (domain.md 3 to 6, 12, 16; quality.md, Faults)")
struct SimulationTests {
    private static let first = setting("PURSER_SIMULATION_SEED") ?? 1
    private static let runs = setting("PURSER_SIMULATION_RUNS") ?? 600

    private static func setting(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    /// `PURSER_SIMULATION_RUNS` programs from seed `PURSER_SIMULATION_SEED` on; a failing one is printed as short as it could be made.
    @Test("product and model agree on every answer, row and balance, whatever happens", arguments: 0..<UInt64(4))
    func agreement(part: UInt64) {
        for seed in stride(from: Self.first + part, to: Self.first + Self.runs, by: 4) {
            let program = SimulatedProgram(seed: seed)
            guard Simulation.failure(program) != nil else { continue }
            let failure = Simulation.failure(Simulation.shortened(program))!
            Issue.record("seed \(seed): \(failure.text)\n\(failure.log.joined(separator: "\n"))")
            return
        }
    }

    @Test("programs lead to every outcome and every refusal")
    func reach() {
        let reached = (UInt64(0)..<400).reduce(into: Set<String>()) { $0.formUnion(Simulation.reached(SimulatedProgram(seed: $1))) }
        let expected: Set = [
            "usage", "usage_refund", "grant", "adjustment", "expiry", "allowance",
            "debited", "overdrawn", "covered", "trial", "shadow", "rejected", "late", "review",
            "unknown_service", "unknown_organization", "invalid_quantity", "too_far_ahead", "too_old", "conflict",
            "wallet_suspended", "insufficient_tokens", "overdraft_limit_below_debt",
            "event_conflict", "hold_rejected", "capture_exceeds_hold", "already_captured", "already_released", "already_expired",
            "refund_exceeds_debit", "nothing_debited", "already_refunded", "usage_not_found",
            "repaid: credit", "repaid: release", "repaid: start", "repaid: refund",
            "hold: held, captured", "hold: held, released", "hold: held, expired", "hold: trial, captured", "hold: covered, captured",
            "hold: shadow, captured", "hold: trial, released", "hold: trial, expired",
        ]
        #expect(expected.subtracting(reached).sorted() == [])
    }
}
