import Testing

@testable import Simulator

@Suite("Faults")
struct FaultTests {
    private let faults = Faults()

    private func take(_ path: String = "/v1/payment_intents", _ gateway: String = "stripe", charges: Bool = true) -> Faults.Plan {
        faults.take(gateway: gateway, method: "POST", path: path, charges: charges)
    }

    @Test("a rule hits what it names, as often as it says, after those that it lets through")
    func counting() throws {
        faults.arm(try FaultRule(["kind": "error_500", "gateway": "stripe", "path": "/v1/refunds*", "count": 2, "skip": 1]))
        #expect(take().fault == nil)
        #expect(take("/v1/refunds", "paystack").fault == nil)
        #expect(take("/v1/refunds").fault == nil)
        #expect(take("/v1/refunds/re_1").fault?.kind == .serverError)
        #expect(take("/v1/refunds").fault?.kind == .serverError)
        #expect(take("/v1/refunds").fault == nil && faults.rules.isEmpty)
    }

    @Test("a decline waits for a charge, and goes together with a delay and a fault")
    func together() throws {
        faults.arm(try FaultRule(["kind": "decline", "code": "lost_card"]))
        faults.arm(try FaultRule(["kind": "delay", "ms": 7]))
        faults.arm(try FaultRule(["kind": "drop"]))
        faults.delay = 5
        #expect(take(charges: false) == Faults.Plan(delay: 12, fault: FaultRule(.drop).once, decline: nil))
        #expect(take().decline == Decline("lost_card"))
        #expect(take() == Faults.Plan(delay: 12, fault: nil, decline: nil))
        faults.clear()
        #expect(take() == Faults.Plan(delay: 5, fault: nil, decline: nil))
    }

    @Test(
        "rules that make no sense are refused",
        arguments: [
            [:] as Node, ["kind": "sulk"], ["kind": "drop", "gateway": "bank"], ["kind": "drop", "count": -1],
            ["kind": "delay", "ms": 200_000],
        ])
    func refusals(body: Node) {
        #expect(throws: FaultRule.Refusal.self) { try FaultRule(body) }
    }

    @Test("a hold ends when the faults are cleared or the program stops")
    func release() {
        faults.stop()
        faults.hold(60_000)
        #expect(faults.rules.isEmpty)
    }
}
