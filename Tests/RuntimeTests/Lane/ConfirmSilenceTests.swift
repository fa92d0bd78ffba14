import Testing

@testable import Runtime

@Suite struct ConfirmSilenceTests {
    private struct Look {
        let inFlight: [UInt64]
        let seconds: Int64
        var isBlocked = false
    }

    /// What the looks say, one after another.
    private func answers(_ looks: [Look]) -> [Bool] {
        var silence = ConfirmSilence()
        return looks.map { silence.isTooLong($0.inFlight, $0.seconds * 1_000_000_000, isBlocked: $0.isBlocked) }
    }

    @Test func aMessageThatStaysSilentIsNoticedThoughOthersAreConfirmed() {
        let looks = [Look(inFlight: [7, 8], seconds: 0), Look(inFlight: [7, 9], seconds: 9), Look(inFlight: [7, 10], seconds: 10)]
        #expect(answers(looks) == [false, false, true])
    }

    @Test func aBusyConnectionIsNotSilent() {
        let looks = (UInt64(0)..<100).map { turn in
            Look(inFlight: [turn * 100 + 1, turn * 100 + 2], seconds: Int64(turn) * 3)
        }
        #expect(!answers(looks).contains(true))
    }

    @Test func nothingInFlightAndAnAlarmStartTheTimeAnew() {
        let looks = [
            Look(inFlight: [1], seconds: 0), Look(inFlight: [1], seconds: 20, isBlocked: true), Look(inFlight: [1], seconds: 21),
            Look(inFlight: [], seconds: 40), Look(inFlight: [2], seconds: 41), Look(inFlight: [2], seconds: 50),
            Look(inFlight: [2], seconds: 51),
        ]
        #expect(answers(looks) == [false, false, false, false, false, false, true])
    }
}
