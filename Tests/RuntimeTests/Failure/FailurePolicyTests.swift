import Postgres
import Testing

@testable import Runtime

@Suite struct FailurePolicyTests {
    private struct Defect: Error {}

    private func action(_ state: String?, kind: DatabaseError.Kind = .server, repeats: Int = 0, messages: Int = 10) -> FailurePolicy.Action
    {
        FailurePolicy.action(
            for: DatabaseError(kind: kind, sqlState: state, message: "text", constraint: "c"), repeats: repeats, messages: messages)
    }

    @Test func theDatabaseAwayKeepsEverything() {
        for messages in [1, 10] {
            #expect(action(nil, kind: .connectionLost, messages: messages) == .wait(reconnect: true))
            #expect(action("57P01", messages: messages) == .wait(reconnect: true))
            #expect(action(nil, kind: .timeout, messages: messages) == .wait(reconnect: true))
        }
    }

    @Test func deadlocksAreRepeatedThenSplit() {
        for state in ["40P01", "40001", "55P03", "57014", "53200"] {
            #expect(action(state, repeats: 4) == .again)
            #expect(action(state, repeats: 5) == .split)
            #expect(action(state, repeats: 5, messages: 1) == .wait(reconnect: false))
        }
    }

    /// A transaction in which we think for too long is ended by the server, which is not away for it.
    @Test func ourOwnSlownessIsNotTakenForAnOutage() {
        #expect(action("25P03", kind: .connectionLost, repeats: 4) == .again)
        #expect(action("25P03", kind: .connectionLost, repeats: 5) == .split)
        #expect(
            action("25P03", kind: .connectionLost, repeats: 5, messages: 1)
                == .bury(reason: "internal_error", detail: "text (SQLSTATE 25P03), constraint c"))
    }

    @Test func wrongValuesAreIsolated() {
        for state in ["22003", "23514", "23505", "21000", "P0001", "54000"] {
            #expect(action(state) == .split)
            #expect(action(state, messages: 1) == .bury(reason: "data_error", detail: "text (SQLSTATE \(state)), constraint c"))
        }
        #expect(action(nil, kind: .unusable) == .split)
    }

    @Test func aWrongDeploymentLosesNoMessage() {
        for state in ["42501", "42P01", "3F000", "28000", "XX000"] {
            #expect(action(state, messages: 1) == .wait(reconnect: false))
        }
    }

    @Test func defectsAreIsolated() {
        #expect(FailurePolicy.action(for: Defect(), repeats: 0, messages: 2) == .split)
        #expect(FailurePolicy.action(for: Defect(), repeats: 0, messages: 1) == .bury(reason: "internal_error", detail: "Defect()"))
    }

    @Test func waitsGrowAndAreJittered() {
        var generator = SplitMix(seed: 1)
        var backoff = Backoff()
        let waits = (0..<40).map { _ in backoff.next(using: &generator) }
        #expect(waits[0] >= .milliseconds(50) && waits[0] <= .milliseconds(100))
        #expect(waits[1] >= .milliseconds(100) && waits[1] <= .milliseconds(200))
        #expect(waits[10...].allSatisfy { $0 >= .milliseconds(2500) && $0 <= .seconds(5) })
        #expect(Set(waits).count == 40)
        backoff.reset()
        #expect(backoff.next(using: &generator) <= .milliseconds(100))
    }
}
