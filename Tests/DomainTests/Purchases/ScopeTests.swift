import Domain
import Testing

@Suite("One purchase of a kind at a time (domain.md 7.2, 7.4, 7.9)")
struct ScopeTests {
    private func purchase(_ type: PurchaseType, _ status: PurchaseStatus, _ phase: PurchasePhase?) -> Purchase {
        var state = PurchaseState()
        (state.status, state.phase, state.calledAt) = (status, phase, PurchaseFixture.start)
        return PurchaseFixture(type, state: state).purchase
    }

    @Test("what stands in the way, and what may be replaced", arguments: [PurchaseType.oneTime, .subscription, .autoTopup])
    func hindrances(type: PurchaseType) {
        let now = PurchaseFixture.start.adding(.minutes(59))
        for phase in PurchasePhase.allCases {
            let one = purchase(type, .processing, phase)
            let (plain, replacing) = (ScopeVerdict.of([one], replace: false, at: now), ScopeVerdict.of([one], replace: true, at: now))
            switch phase {
            case .charging, .unknown: #expect(plain == .inProgress(one.reference) && replacing == .inProgress(one.reference))
            case .retryWaiting, .customerAction: #expect(plain == .inProgress(one.reference) && replacing == .replaces([one.reference]))
            case .parked:
                let verdict: ScopeVerdict = type == .autoTopup ? .inProgress(one.reference) : .clear
                #expect(plain == verdict && replacing == verdict)
            }
        }
        let pending = purchase(type, .pending, nil)
        #expect(ScopeVerdict.of([pending], replace: true, at: now) == .replaces([pending.reference]))
        for status in PurchaseStatus.allCases where status != .pending && status != .processing {
            #expect(ScopeVerdict.of([purchase(type, status, nil)], replace: false, at: now) == .clear)
        }
    }

    @Test("an unknown one-time purchase stands in the way for an hour, others until they are known")
    func unknown() {
        let now = PurchaseFixture.start.adding(.hours(1))
        #expect(ScopeVerdict.of([purchase(.oneTime, .processing, .unknown)], replace: false, at: now) == .clear)
        for type in [PurchaseType.subscription, .autoTopup] {
            let one = purchase(type, .processing, .unknown)
            #expect(ScopeVerdict.of([one], replace: true, at: now) == .inProgress(one.reference))
        }
    }

    @Test("a charge that is under way outweighs those that wait")
    func mixed() {
        let (waiting, charging) = (purchase(.oneTime, .pending, nil), purchase(.oneTime, .processing, .charging))
        #expect(ScopeVerdict.of([waiting, charging], replace: true, at: PurchaseFixture.start) == .inProgress(charging.reference))
        #expect(ScopeVerdict.of([], replace: false, at: PurchaseFixture.start) == .clear)
    }

    @Test("nothing is initialized for a suspended wallet or while the system is disabled")
    func admission() throws {
        func refusal(_ wallet: WalletStatus?, enabled: Bool, _ others: [Purchase] = []) -> String? {
            do throws(PurchaseRefusal) {
                _ = try PurchaseAdmission.decide(
                    wallet: wallet, systemEnabled: enabled, others: others, replace: false, at: PurchaseFixture.start)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(refusal(.active, enabled: true) == nil && refusal(nil, enabled: true) == nil)
        #expect(refusal(.active, enabled: false) == "system_disabled" && refusal(.suspended, enabled: true) == "wallet_suspended")
        let pending = purchase(.oneTime, .pending, nil)
        #expect(refusal(.active, enabled: true, [pending]) == "purchase_in_progress")
        let replaced = try PurchaseAdmission.decide(
            wallet: .active, systemEnabled: true, others: [pending], replace: true, at: PurchaseFixture.start)
        #expect(replaced == [pending.reference])
    }

    @Test("references: REF- and 26 of A-Z and 0-9, each as likely as the other, and only such texts are read")
    func references() throws {
        var random = SplitMix(seed: 26)
        var counts: [Character: Int] = [:]
        var seen: Set<String> = []
        for _ in 0..<2_000 {
            let reference = PurchaseReference(using: &random)
            #expect(PurchaseReference(reference.text) == reference)
            seen.insert(reference.text)
            for character in reference.text.dropFirst(4) { counts[character, default: 0] += 1 }
        }
        #expect(seen.count == 2_000 && counts.count == 36)
        // 52,000 characters, 1,444 of each: five standard deviations are 190.
        #expect(counts.values.allSatisfy { abs($0 - 1_444) < 190 })
        let good = "REF-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        #expect(PurchaseReference(good) != nil)
        for bad in [
            "", "REF-", String(good.dropLast()), good + "A", good.lowercased(), "XEF-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "REF-ABCDEFGHIJKLMNOPQRSTUVWXY\u{c9}",
        ] {
            #expect(PurchaseReference(bad) == nil, "\(bad)")
        }
    }
}
