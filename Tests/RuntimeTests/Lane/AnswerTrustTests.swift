import Testing

@testable import Runtime

@Suite struct AnswerTrustTests {
    private static let later = AnswerTrust.refusal + 1

    @Test func everythingIsFreeUntilAConnectionIsClosed() {
        var trust = AnswerTrust()
        #expect(trust.verdict(on: "reply@1", 0) == .free)
        trust.failed(["reply@1", "reply@2"], 0)
        #expect(trust.verdict(on: "reply@1", 1) == .alone)
        #expect(trust.verdict(on: "reply@3", 1) == .alone)
        #expect(trust.verdict(on: nil, 1) == .free)
        #expect(trust.verdict(on: "reply@1", AnswerTrust.caution) == .free)
    }

    @Test func aNodeThatTookAnAnswerStaysFree() {
        var trust = AnswerTrust()
        trust.worked("reply@1")
        trust.failed(["reply@1", "reply@2"], 0)
        #expect(trust.verdict(on: "reply@1", 1) == .free)
        #expect(trust.verdict(on: "reply@2", 1) == .never, "only one of the two can have been the reason")
        #expect(trust.verdict(on: "reply@2", Self.later) == .alone)
    }

    @Test func aNodeThatLeftItsClusterProvesItselfAnew() {
        var trust = AnswerTrust()
        trust.worked("reply@1")
        trust.failed(["reply@1"], 0)
        #expect(trust.verdict(on: "reply@1", 1) == .alone)
        trust.worked("reply@1")
        #expect(trust.verdict(on: "reply@1", 2) == .free)
    }

    @Test func madeUpNodesAreKeptOnlyInNumbers() {
        var trust = AnswerTrust()
        for number in 0...AnswerTrust.mostNodes { trust.failed(["reply@\(number)"], 0) }
        #expect(trust.verdict(on: "reply@0", 1) == .never)
        #expect(trust.verdict(on: "reply@\(AnswerTrust.mostNodes)", 1) == .alone)
    }
}
