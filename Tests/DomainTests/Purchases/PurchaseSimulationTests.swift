import Domain
import Testing

/// A gateway that remembers what it really charged, whatever it answered.
private struct SimulatedGateway {
    /// Charges by attempt: a repeated key never charges again.
    var charged: [Int: GatewayPayment] = [:]
    var givenBack: [String] = []

    /// A call: sometimes it charges and says so, sometimes it charges and the answer is lost.
    mutating func charge(_ attempt: Int, of world: PurchaseFixture, using random: inout SplitMix) -> ChargeOutcome {
        if let before = charged[attempt] { return .succeeded(before) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1:
            charged[attempt] = world.payment("pi_\(attempt)")
            return .succeeded(charged[attempt]!)
        case 2:
            charged[attempt] = world.payment("pi_\(attempt)")
            return .unknown
        case 3: return .unknown
        case 4: return .slowDown
        case 5: return .declined(Decline(.soft, code: "do_not_honor"))
        case 6: return .declined(Decline(.hard, code: "lost_card"))
        case 7: return .declined(Decline(.needsCustomer, code: "expired_card"))
        case 8: return .declined(Decline(.soft, code: "new", isKnown: false))
        default: return .refused(code: "bad")
        }
    }
}

@Suite("Simulation of purchases: charged once, whatever happens (domain.md 7)")
struct PurchaseSimulationTests {
    /// What a random program did, for the report of a failing seed.
    private struct Run {
        var world: PurchaseFixture
        var gateway = SimulatedGateway()
        var completions = 0
        var log: [PurchaseAction] = []
        var wasUncertain = false

        mutating func perform(_ actions: [PurchaseAction]) {
            for action in actions {
                log.append(action)
                if case .complete = action { completions += 1 }
                if case .refundCharge(let payment, _) = action { gateway.givenBack.append(payment.transaction) }
            }
        }

        /// What must hold after every step.
        var broken: String? {
            let state = world.purchase.state
            if completions > 1 { return "completed twice" }
            if (completions == 1) != state.status.wasCompleted { return "credited without being completed, or the other way round" }
            if Set(gateway.givenBack).count != gateway.givenBack.count { return "a charge was given back twice" }
            if let kept = state.transaction, gateway.givenBack.contains(kept) { return "the charge that paid for it was given back" }
            if (state.status == .processing) != (state.phase != nil) { return "a phase without processing" }
            return nil
        }
    }

    private func step(_ run: inout Run, using random: inout SplitMix) {
        let hope = RenewalHope(nextAttemptAt: run.world.now.adding(.days(2)), graceEndsAt: run.world.now.adding(.days(7)))
        let isRenewal = run.world.purchase.scope.type == .subscription
        let circumstances = run.world.circumstances(renewal: isRenewal ? hope : nil)
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1:
            // An attempt, asked for by a request, a wake-up, or a new payment method.
            let uncertain = run.world.phase == .unknown || run.world.phase == .charging || run.world.phase == .parked
            let isEarly = Bool.random(using: &random)
            let began = try? run.world.purchase.begin(.savedMethod(attempts: []), isEarly: isEarly, systemEnabled: true, at: run.world.now)
            guard let began else { return }
            run.wasUncertain = run.wasUncertain || uncertain
            run.perform(began)
            let outcome = run.gateway.charge(run.world.purchase.state.attempts, of: run.world, using: &random)
            // One answer in five is never handled: the program dies, and the clock finds it.
            if Int.random(in: 0..<5, using: &random) > 0 { run.perform(run.world.purchase.ended(outcome, circumstances)) }
        case 2:
            // Webhooks of anything that was ever charged, in any order and as often as they like.
            for payment in run.gateway.charged.values.sorted(by: { $0.transaction < $1.transaction }).shuffled(using: &random) {
                run.perform(run.world.purchase.succeeded(payment, circumstances))
            }
        case 3: run.perform(run.world.purchase.cancel(hasIntent: Bool.random(using: &random), at: run.world.now).1)
        case 4:
            let paid = run.gateway.charged[run.world.purchase.state.attempts]
            run.perform(run.world.purchase.closed(paid.map { .alreadyPaid($0) } ?? .closed, circumstances))
        default:
            run.world.wait([.seconds(30), .minutes(10), .hours(6), .days(1)].randomElement(using: &random)!)
            wake(&run, circumstances: run.world.circumstances(renewal: isRenewal ? hope : nil), using: &random)
        }
    }

    /// A wake-up: does what is due, as a service would.
    private func wake(_ run: inout Run, circumstances: PurchaseCircumstances, using random: inout SplitMix) {
        switch run.world.purchase.dueWork(at: run.world.now) {
        case .lostCall: run.perform(run.world.purchase.ended(.unknown, circumstances))
        case .lapse: run.perform(run.world.purchase.lapse(at: run.world.now))
        case .ask:
            let paid = run.gateway.charged[run.world.purchase.state.attempts]
            let result: AskResult = Bool.random(using: &random) ? .stillUnknown : paid.map { .paid($0) } ?? .notFound
            run.perform(run.world.purchase.asked(result, circumstances))
        case .attempt, nil: break
        }
    }

    @Test("at most one charge is kept, every other one is given back, and nobody is charged while an outcome is unknown")
    func chargedOnce() {
        var reached: Set<PurchaseStatus> = []
        for seed in UInt64(1)...4_000 {
            var random = SplitMix(seed: seed)
            var run = Run(world: PurchaseFixture(PurchaseType.allCases.randomElement(using: &random)!))
            for _ in 0..<40 {
                step(&run, using: &random)
                guard let broken = run.broken else { continue }
                Issue.record("seed \(seed): \(broken)\n\(run.log)")
                return
            }
            // The last webhooks arrive.
            for payment in run.gateway.charged.values { run.perform(run.world.purchase.succeeded(payment, run.world.circumstances())) }
            reached.insert(run.world.status)
            let kept = run.gateway.charged.values.filter { !run.gateway.givenBack.contains($0.transaction) }
            #expect(kept.count == run.completions && run.broken == nil && !run.wasUncertain, "seed \(seed): \(run.log)")
        }
        #expect(reached == [.processing, .completed, .failed, .cancelled])
    }
}
