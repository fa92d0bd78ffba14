import Testing

@testable import Runtime

@Suite struct AcknowledgerTests {
    private func acknowledger(_ tags: ClosedRange<UInt64>) -> Acknowledger {
        var acknowledger = Acknowledger()
        for tag in tags { acknowledger.delivered(tag) }
        return acknowledger
    }

    private func take(_ acknowledger: inout Acknowledger) -> [Acknowledger.Acknowledgement] {
        var taken: [Acknowledger.Acknowledgement] = []
        acknowledger.take(into: &taken)
        return taken
    }

    @Test func aWholeBatchIsOneFrame() {
        var acknowledger = acknowledger(1...4000)
        for tag in UInt64(1)...4000 { acknowledger.settle(tag) }
        #expect(take(&acknowledger) == [.init(tag: 4000, multiple: true)])
        #expect(acknowledger.held == 0)
        #expect(take(&acknowledger).isEmpty)
    }

    @Test func whatIsHeldIsNotSweptAlong() {
        var acknowledger = acknowledger(1...6)
        for tag in [6, 1, 2, 4] as [UInt64] { acknowledger.settle(tag) }
        #expect(take(&acknowledger) == [.init(tag: 2, multiple: true), .init(tag: 4, multiple: false), .init(tag: 6, multiple: false)])
        #expect(acknowledger.held == 2)
        acknowledger.delivered(7)
        acknowledger.settle(7)
        acknowledger.settle(5)
        #expect(take(&acknowledger) == [.init(tag: 5, multiple: false), .init(tag: 7, multiple: false)])
        acknowledger.settle(3)
        acknowledger.settle(3)
        #expect(take(&acknowledger) == [.init(tag: 3, multiple: false)])
    }

    @Test func aTagOnceAcknowledgedIsNeverNamedAgain() {
        // The broker closes the channel over a tag that it does not know, also as the upper end of `multiple`.
        var generator = SplitMix(seed: 7)
        for _ in 0..<500 {
            var acknowledger = Acknowledger()
            var outstanding: Set<UInt64> = []
            var unsettled: [UInt64] = []
            var next: UInt64 = 1
            for _ in 0..<60 {
                for _ in 0..<Int.random(in: 0...4, using: &generator) {
                    acknowledger.delivered(next)
                    outstanding.insert(next)
                    unsettled.append(next)
                    next += 1
                }
                for _ in 0..<Int.random(in: 0...4, using: &generator) where !unsettled.isEmpty {
                    acknowledger.settle(unsettled.remove(at: Int.random(in: 0..<unsettled.count, using: &generator)))
                }
                for item in take(&acknowledger) {
                    #expect(outstanding.contains(item.tag))
                    outstanding = item.multiple ? outstanding.filter { $0 > item.tag } : outstanding.subtracting([item.tag])
                }
                #expect(outstanding == Set(unsettled))
                #expect(acknowledger.held == unsettled.count)
            }
        }
    }

    @Test func unknownTagsAreIgnored() {
        var acknowledger = acknowledger(5...6)
        acknowledger.settle(1)
        acknowledger.settle(99)
        #expect(take(&acknowledger).isEmpty)
    }
}
