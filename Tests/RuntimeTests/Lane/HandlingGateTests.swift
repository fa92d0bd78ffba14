import Testing

@testable import Runtime

@Suite struct HandlingGateTests {
    private let never: () -> Bool = { false }

    @Test func batchesGoTogetherAndAnAccusedMessageAlone() {
        let gate = HandlingGate()
        #expect(gate.enterTogether(pause: never) && gate.enterTogether(pause: never))
        #expect(!gate.enterAlone(pause: never))
        gate.leaveTogether()
        #expect(!gate.enterAlone(pause: never))
        gate.leaveTogether()
        #expect(gate.enterAlone(pause: never))
        #expect(!gate.enterAlone(pause: never) && !gate.enterTogether(pause: never))
        gate.leaveAlone()
        #expect(gate.enterTogether(pause: never))
    }

    @Test func whoeverWaitsToBeAloneHoldsUpNewBatchesAndThenGoesFirst() {
        let gate = HandlingGate()
        #expect(gate.enterTogether(pause: never))
        var isHeldUp = false
        let isIn = gate.enterAlone {
            isHeldUp = !gate.enterTogether(pause: never)
            gate.leaveTogether()
            return true
        }
        #expect(isIn && isHeldUp)
    }

    @Test func whoGivesUpHoldsUpNobody() {
        let gate = HandlingGate()
        #expect(gate.enterTogether(pause: never))
        #expect(!gate.enterAlone(pause: never))
        #expect(gate.enterTogether(pause: never))
    }
}
